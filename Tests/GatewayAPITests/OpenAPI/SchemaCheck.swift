import JSONText

@testable import GatewayAPI

/// Compares JSON values with the schemas of an OpenAPI document: types, constants, enumerations, bounds,
/// required members, and that no member is missing in the schema.
struct SchemaCheck {
    let document: JSONValue

    /// Returns what differs; empty if the value is as described.
    func differences(_ value: JSONValue, _ schema: JSONValue, at path: String = "") -> [String] {
        if let reference = schema["$ref"]?.string {
            guard let target = resolve(reference) else { return ["\(path): no \(reference)"] }
            return differences(value, target, at: path)
        }
        if let schemas = (schema["anyOf"] ?? schema["oneOf"])?.array {
            let all = schemas.map { differences(value, $0, at: path) }
            return all.contains([]) ? [] : all.flatMap(\.self)
        }
        return basics(value, schema, path) + members(value, schema, path) + elements(value, schema, path)
    }

    /// Returns the value at a `$ref`; `nil` if there is none.
    func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(document) { value, name in
            value?[String(name).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }

    private func basics(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        var differences: [String] = []
        if let type = schema["type"], !(type.array ?? [type]).contains(where: { value.isOf(type: $0) }) {
            differences.append("\(path): \(value) is not of type \(type)")
        }
        if let constant = schema["const"], constant != value { differences.append("\(path): no \(constant)") }
        if let values = schema["enum"]?.array, !values.contains(value) {
            differences.append("\(path): \(value) is not listed")
        }
        if let minimum = schema["minimum"]?.integer, let number = value.integer, number < minimum {
            differences.append("\(path): \(number) < \(minimum)")
        }
        if let maximum = schema["maximum"]?.integer, let number = value.integer, number > maximum {
            differences.append("\(path): \(number) > \(maximum)")
        }
        return differences
    }

    private func members(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let object = value.object else { return [] }
        let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { object[$0] == nil }
        guard let properties = schema["properties"] else { return missing.map { "\(path)/\($0) is missing" } }
        return missing.map { "\(path)/\($0) is missing" }
            + object.members.flatMap { member -> [String] in
                let path = "\(path)/\(member.name)"
                guard let schema = properties[member.name] else { return ["\(path) is not described"] }
                return differences(member.value, schema, at: path)
            }
    }

    private func elements(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let array = value.array, let items = schema["items"] else { return [] }
        return array.enumerated().flatMap { differences($1, items, at: "\(path)/\($0)") }
    }
}

extension JSONValue {
    fileprivate func isOf(type: JSONValue) -> Bool {
        switch (self, type.string) {
        case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"),
            (.object, "object"), (.integer, "integer"), (.integer, "number"), (.real, "number"):
            true
        default: false
        }
    }
}
