/// Finds the CRLF that ends a line; looks at each byte once even if the line arrives in pieces.
struct LineScanner: Sendable {
    /// Bytes of the current line already searched.
    private(set) var scanned = 0

    /// Returns the index of the CR that ends the line beginning at `start`; it must be less than `limit`
    /// bytes away. `nil` if the line is incomplete; `scanned` reaches `limit` if it is too long.
    mutating func lineEnd(
        in input: Span<UInt8>, from start: Int, limit: Int
    ) throws(MessageError) -> Int? {
        let end = min(input.count, start + limit)
        var index = min(start + scanned, end)
        while true {
            index = input.endOfText(in: index..<end)
            guard index < end else { break }
            let byte = input[index]
            if byte == .tab {
                index += 1
                continue
            }
            // RFC 9112 §2.2 permits a bare LF as line terminator. It is rejected here because it enables
            // request smuggling.
            guard byte != .lineFeed else { throw .malformed("a line must end in CRLF, not in LF alone") }
            // RFC 9110 §5.5: no other control byte is valid in a field.
            guard byte == .carriageReturn else { throw .malformed("the head contains a control byte") }
            guard index + 1 < input.count else { break }
            guard input[index + 1] == .lineFeed else { throw .malformed("a CR must be followed by LF") }
            scanned = 0
            return index
        }
        scanned = index - start
        return nil
    }
}
