/// What stands without quotes: a number, a literal, or something that JSON does not have.
enum LenientJSONWord {
    /// Members whose whole numbers are names: no digit may be lost, however many there are.
    private static let identifiers: Set<String> = ["id", "task_id", "taskId", "taskid"]

    /// The value of a word, an integer however it is spelled; null for NaN, Infinity, `01`, `+1`, `.5`,
    /// `0x10`, `undefined` and their like.
    static func value(of word: ArraySlice<UInt8>, named name: String) -> JSONValue {
        let text = String(decoding: word, as: UTF8.self)
        switch text {
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard !word.isEmpty, JSONNumber.fault(word) == nil else { return .null }
        if let number = JSONDecimal(word).integer { return .integer(number) }
        let isWhole = word.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        if isWhole {
            return identifiers.contains(name) && word.count <= 64 ? .string(text) : .null
        }
        guard let number = Double(text), number.isFinite else { return .null }
        return .real(number)
    }
}
