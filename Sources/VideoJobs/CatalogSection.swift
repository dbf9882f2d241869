import JSONText

/// Gathers what is wrong with a catalog while it is read, so that all of it can be said at once.
struct CatalogIssueList {
    private(set) var faults: [CatalogIssue] = []

    mutating func add(_ place: JSONPointer, _ message: String, hint: String? = nil) {
        faults.append(CatalogIssue(pointer: place.description, message: message, hint: hint))
    }

    /// Opens an object; a key that is not among those given is a fault with the nearest one.
    mutating func section(_ value: JSONValue, at place: JSONPointer, keys: [String]) -> CatalogSection? {
        guard let object = value.object else {
            add(place, "a mapping is expected here, not \(value.kindName)")
            return nil
        }
        for member in object.members where !keys.contains(where: member.name.isIdentical) {
            let hint = NearestName.find(member.name, among: keys).map { "did you mean \($0)?" }
            add(place.appending(member.name), "unknown key \(member.name.shortened)", hint: hint)
        }
        return CatalogSection(object: object, place: place)
    }
}

/// One mapping of a catalog: reads its values by key and type. A key that is missing or null is `nil`.
struct CatalogSection {
    let object: JSONObject
    let place: JSONPointer

    func string(_ key: String, _ list: inout CatalogIssueList) -> String? {
        read(key, "text (numbers in quotes)", &list) { $0.string.flatMap { $0.isEmpty ? nil : $0 } }
    }

    func integer(_ key: String, in range: ClosedRange<Int64>, _ list: inout CatalogIssueList) -> Int64? {
        let bounds = range.lowerBound == .min ? "" : " from \(range.lowerBound) to \(range.upperBound)"
        return read(key, "a whole number\(bounds)", &list) {
            $0.integer.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func bool(_ key: String, _ list: inout CatalogIssueList) -> Bool? {
        read(key, "true or false", &list) { $0.bool }
    }

    func array(_ key: String, _ list: inout CatalogIssueList) -> [JSONValue]? {
        read(key, "a list", &list) { $0.array }
    }

    /// The same for a key that must be there.
    func required<Value>(
        _ key: String, _ list: inout CatalogIssueList,
        _ read: (CatalogSection, inout CatalogIssueList) -> Value?
    ) -> Value? {
        if object[key] == nil || object[key] == .null { list.add(place, "\(key) is missing") }
        return read(self, &list)
    }

    /// One of the words of an enumeration.
    func word<Word: CaseIterable & RawRepresentable<String>>(
        _ key: String, _ list: inout CatalogIssueList
    ) -> Word? {
        let message = Word.allCases.map(\.rawValue)
        guard let text = string(key, &list) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let hint = NearestName.find(text, among: message).map { "did you mean \($0)?" }
        list.add(place.appending(key), "\(key) must be \(JobIssue.choice(of: message))", hint: hint)
        return nil
    }

    private func read<Value>(
        _ key: String, _ wanted: String, _ list: inout CatalogIssueList, _ convert: (JSONValue) -> Value?
    ) -> Value? {
        guard let value = object[key], value != .null else { return nil }
        if let converted = convert(value) { return converted }
        list.add(place.appending(key), "\(key) must be \(wanted)")
        return nil
    }
}
