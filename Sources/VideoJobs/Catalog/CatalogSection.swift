import JSONText

/// One mapping of a catalog, with typed access to its values. A missing or null key yields `nil`.
struct CatalogSection {
    let object: JSONObject
    let pointer: JSONPointer

    func string(_ key: String, _ list: inout CatalogIssueList) -> String? {
        read(key, "a non-empty string (put numbers in quotes)", &list) {
            $0.string.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    func integer(_ key: String, in range: ClosedRange<Int64>, _ list: inout CatalogIssueList) -> Int64? {
        let bounds = range.lowerBound == .min ? "" : " from \(range.lowerBound) to \(range.upperBound)"
        return read(key, "an integer\(bounds)", &list) {
            $0.integer.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func bool(_ key: String, _ list: inout CatalogIssueList) -> Bool? {
        read(key, "true or false", &list) { $0.bool }
    }

    func array(_ key: String, _ list: inout CatalogIssueList) -> [JSONValue]? {
        read(key, "a list", &list) { $0.array }
    }

    /// Reads a value with `read`; a missing key is an issue.
    func required<Value>(
        _ key: String, _ list: inout CatalogIssueList,
        _ read: (CatalogSection, inout CatalogIssueList) -> Value?
    ) -> Value? {
        if object[key] == nil || object[key] == .null { list.add(pointer, "\(key) is missing") }
        return read(self, &list)
    }

    /// Reads one of the raw values of an enumeration.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String, _ list: inout CatalogIssueList
    ) -> Choice? {
        let names = Choice.allCases.map(\.rawValue)
        guard let text = string(key, &list) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let hint = NearestName.find(text, among: names).map { "did you mean \($0)?" }
        list.add(pointer.appending(key), "\(key) must be \(String.alternatives(names))", hint: hint)
        return nil
    }

    private func read<Value>(
        _ key: String, _ expected: String, _ list: inout CatalogIssueList, _ convert: (JSONValue) -> Value?
    ) -> Value? {
        guard let value = object[key], value != .null else { return nil }
        if let converted = convert(value) { return converted }
        list.add(pointer.appending(key), "\(key) must be \(expected)")
        return nil
    }
}
