/// A search for task IDs in text that is not valid JSON: truncated, quoted in other text, or HTML.
///
/// Evidence for the operator who settles the task; never used to continue it.
enum IdentifierScan {
    private static let idsMax = 3
    private static let textMax = 64 * 1024
    /// The maximum length of an ID; longer than an acceptable one, so that the operator sees it in full.
    private static let idLengthMax = 512

    /// Returns the distinct values of `"id":` and `"task_id":`, in order.
    static func ids(in text: [UInt8]) -> [String] {
        let bytes = Array(text.prefix(textMax))
        var found: [String] = []
        for index in bytes.indices where found.count < idsMax {
            guard let end = nameEnd(at: index, in: bytes), let id = value(after: end, in: bytes),
                !found.contains(id)
            else { continue }
            found.append(id)
        }
        return found
    }

    /// Returns the end of a quoted name `id` or `task_id` at an index; its quotes may be escaped.
    private static func nameEnd(at index: Int, in bytes: [UInt8]) -> Int? {
        guard isQuote(bytes[index]) else { return nil }
        for name in ["id", "task_id", "taskId"] {
            var end = index + 1
            guard bytes[end...].starts(with: name.utf8) else { continue }
            end += name.utf8.count
            if end < bytes.count, bytes[end] == UInt8(ascii: "\\") { end += 1 }
            if end < bytes.count, isQuote(bytes[end]) { return end + 1 }
        }
        return nil
    }

    /// Returns the string or integer value after a colon.
    private static func value(after start: Int, in bytes: [UInt8]) -> String? {
        var rest = bytes[start...].drop { $0 <= 0x20 }
        guard rest.popFirst() == UInt8(ascii: ":") else { return nil }
        rest = rest.drop { $0 <= 0x20 || $0 == UInt8(ascii: "\\") }
        guard let first = rest.first else { return nil }
        let id: ArraySlice<UInt8>
        if isQuote(first) {
            id = rest.dropFirst().drop { $0 <= 0x20 }.prefix {
                $0 > 0x20 && !isQuote($0) && $0 != UInt8(ascii: "\\")
            }
            guard id.endIndex < bytes.count else { return nil }
        } else {
            id = rest.prefix { (0x30...0x39).contains($0) }
        }
        guard !id.isEmpty, id.count <= idLengthMax else { return nil }
        return String(decoding: id, as: UTF8.self)
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }
}
