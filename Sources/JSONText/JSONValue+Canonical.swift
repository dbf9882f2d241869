extension JSONValue {
    /// Returns the canonical text, equal for equivalent values: members sorted by the bytes of their names,
    /// no white space, no optional escapes, integers in decimal digits.
    ///
    /// Similar to RFC 8785, which does not support integers beyond 53 bits. Reals are written as the nearest
    /// `Double`.
    package func canonicallySerialized() -> [UInt8] { sorted.serialized() }

    /// The value with sorted members. Recursive; the parser bounds the depth.
    private var sorted: JSONValue {
        switch self {
        case .null, .bool, .integer, .real, .string: self
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map { JSONObject.Member($0.name, $0.value.sorted) }
                        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }))
        }
    }
}
