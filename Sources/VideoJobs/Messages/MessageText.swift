import JSONText

// Wording of values and names in messages.

extension String {
    /// The string cut to 64 characters, for quoting client input.
    var shortened: String { unicodeScalars.count <= 64 ? self : String(unicodeScalars.prefix(64)) + "…" }

    /// Returns `a`, `a or b`, or `a, b or c`.
    static func alternatives(_ items: [String]) -> String {
        guard items.count > 1, let last = items.last else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension JSONValue {
    /// The value as shown in a message: a string without quotes, anything else as JSON.
    var messageText: String { string ?? String(decoding: serialized(), as: UTF8.self) }

    /// The type of the value as named in a message.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .real: "a decimal number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// Whether both values are equal, with strings compared byte by byte. `==` compares strings by canonical
    /// equivalence.
    func isIdentical(to other: JSONValue) -> Bool {
        if case .string(let one) = self, case .string(let two) = other { return one.isIdentical(to: two) }
        return self == other
    }
}
