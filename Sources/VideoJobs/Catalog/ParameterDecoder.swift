import JSONText

/// Decodes the definition of one parameter and checks that its keys are consistent.
struct ParameterDecoder {
    var name: String
    var pointer: JSONPointer

    private static let keys = [
        "type", "description", "required", "nullable", "allowed", "min", "max", "max_length", "min_items",
        "max_items", "default",
    ]

    func parameter(_ value: JSONValue, _ list: inout CatalogIssueList) -> JobParameter? {
        guard let section = list.section(value, at: pointer, keys: Self.keys) else { return nil }
        let kind: JobParameter.Kind? = section.required("type", &list) { $0.choice("type", &$1) }
        guard let kind else { return nil }
        rejectInapplicableKeys(section, kind, &list)
        var parameter = JobParameter(name: name, kind: kind)
        parameter.description = section.string("description", &list)
        parameter.isRequired = section.bool("required", &list) ?? false
        parameter.isNullable = section.bool("nullable", &list) ?? false
        parameter.lengthMax = section.integer("max_length", in: 1...1_000_000, &list).map { Int($0) }
        parameter.range = range(("min", "max"), in: .min ... .max, section, &list)
        let items = range(("min_items", "max_items"), in: 0...1000, section, &list)
        parameter.items = items.map { Int($0.lowerBound)...Int($0.upperBound) }
        let allowed = section.array("allowed", &list)
        check(allowed ?? [], "allowed", parameter, &list)
        parameter.allowed = allowed
        if parameter.allowed?.isEmpty == true {
            list.add(pointer.appending("allowed"), "allowed must list at least one value")
        }
        parameter.providerDefault = section.object["default"].flatMap { $0 == .null ? nil : $0 }
        check(parameter.providerDefault.map { [$0] } ?? [], "default", parameter, &list)
        return parameter
    }

    /// Reports keys that have no effect for the parameter's type.
    private func rejectInapplicableKeys(
        _ section: CatalogSection, _ kind: JobParameter.Kind, _ list: inout CatalogIssueList
    ) {
        let applicable: [(keys: [String], kinds: [JobParameter.Kind])] = [
            (["min", "max"], [.integer]), (["allowed"], [.string, .integer]),
            (["max_length"], [.string, .url, .urlList]), (["min_items", "max_items"], [.urlList]),
        ]
        for group in applicable where !group.kinds.contains(kind) {
            for key in group.keys where section.object[key] != nil {
                let kinds = String.alternatives(group.kinds.map(\.rawValue))
                list.add(pointer.appending(key), "\(key) is only for type \(kinds)")
            }
        }
    }

    private func range(
        _ keys: (low: String, high: String), in bounds: ClosedRange<Int64>, _ section: CatalogSection,
        _ list: inout CatalogIssueList
    ) -> ClosedRange<Int64>? {
        let least = section.integer(keys.low, in: bounds, &list)
        let most = section.integer(keys.high, in: bounds, &list)
        guard least != nil || most != nil else { return nil }
        let (lower, upper) = (least ?? bounds.lowerBound, most ?? bounds.upperBound)
        guard lower <= upper else {
            list.add(pointer.appending(keys.high), "\(keys.high) is less than \(keys.low)")
            return nil
        }
        return lower...upper
    }

    private func check(
        _ values: [JSONValue], _ key: String, _ parameter: JobParameter, _ list: inout CatalogIssueList
    ) {
        for value in values {
            guard let issue = parameter.issues(in: value, at: pointer).first else { continue }
            list.add(pointer.appending(key), "\(key): \(issue.message)", hint: issue.hint)
        }
    }
}
