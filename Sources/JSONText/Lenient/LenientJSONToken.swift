/// Decoding of unquoted tokens: numbers, literals, and tokens that JSON does not define.
enum LenientJSONToken {
    /// Members whose integers are identifiers, so that all digits must be preserved.
    private static let identifiers: Set<String> = ["id", "task_id", "taskId", "taskid"]

    /// Returns the value of a token, an integer in any spelling; null for NaN, Infinity, `01`, `+1`, `.5`,
    /// `0x10`, `undefined` and their like.
    static func value(of token: ArraySlice<UInt8>, named name: String) -> JSONValue {
        let text = String(decoding: token, as: UTF8.self)
        switch text {
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard !token.isEmpty, JSONNumber.problem(in: token) == nil else { return .null }
        if let number = JSONDecimal(token).integer { return .integer(number) }
        let isInteger = token.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        if isInteger {
            return identifiers.contains(name) && token.count <= 64 ? .string(text) : .null
        }
        guard let number = Double(text), number.isFinite else { return .null }
        return .real(number)
    }
}
