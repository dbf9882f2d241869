extension JSONValue {
    /// The one text of all values that mean the same: members sorted by the bytes of their names, no white
    /// space, no escape that is not needed, integers in digits.
    ///
    /// Close to RFC 8785, which knows no integer beyond 53 bits. Reals are written as the nearest `Double`.
    package func canonicallySerialized() -> [UInt8] { sorted.serialized() }

    /// Recursive, and bounded because the parser bounds the depth.
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
