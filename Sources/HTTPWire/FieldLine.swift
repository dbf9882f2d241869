/// Finds the CRLF that ends a line, looking at each byte once even if the line comes in pieces.
struct LineScanner: Sendable {
    /// How many bytes of the current line were seen to be no end of it.
    private(set) var scanned = 0

    /// Returns where the line that begins at `start` ends: the place of its CR, less than `limit` bytes on.
    /// `nil` if it is not there yet; then `scanned` has reached `limit` if the line is too long.
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
            // RFC 9112 §2.2 allows a recipient to take a bare LF for a line's end. We do not: it invites
            // smuggling.
            guard byte != .lineFeed else { throw .malformed("a line must end in CRLF, not in LF alone") }
            // RFC 9110 §5.5: the other control bytes have no place in a field.
            guard byte == .carriageReturn else { throw .malformed("a control byte stands in the head") }
            guard index + 1 < input.count else { break }
            guard input[index + 1] == .lineFeed else { throw .malformed("a CR must be followed by LF") }
            scanned = 0
            return index
        }
        scanned = index - start
        return nil
    }
}

/// One field line (RFC 9112 §5): `field-name ":" OWS field-value OWS`.
struct FieldLine {
    let name: Range<Int>
    let value: Range<Int>

    /// Reads the line in `range`, which is without its CRLF and holds no control bytes but tabs.
    init(_ input: Span<UInt8>, _ range: Range<Int>) throws(MessageError) {
        let index = input.end(of: .token, in: range)
        guard index < range.upperBound, input[index] == UInt8(ascii: ":"), index > range.lowerBound else {
            throw FieldLine.fault(input, range, at: index)
        }
        name = range.lowerBound..<index
        value = input.trimmed(index + 1..<range.upperBound)
    }

    private static func fault(_ input: Span<UInt8>, _ range: Range<Int>, at index: Int) -> MessageError {
        guard index < range.upperBound else { return .malformed("a field line must have a colon") }
        if index == range.lowerBound, input[index].isOptionalSpace {
            // RFC 9112 §5.2 and §2.2: no folding, and nothing between the start line and the first field.
            return .malformed("a field line must not begin with whitespace")
        }
        if input[index].isOptionalSpace {
            // RFC 9112 §5.1: refused, always, for its history of being read in two ways.
            return .malformed("no whitespace may stand before the colon of a field")
        }
        return .malformed("a field name must be a token")
    }
}

/// The field lines read so far of a header or trailer section. Places are told from its start, so that the
/// input may move.
struct FieldSection: Sendable {
    /// Where the section starts, from the first byte not consumed.
    var start = 0
    /// How long the complete lines are together.
    private(set) var length = 0
    private(set) var lines: [HTTPFields.Line] = []

    init(start: Int = 0) {
        self.start = start
    }

    /// The lines, which are then no longer held here.
    mutating func takeLines() -> [HTTPFields.Line] {
        var taken: [HTTPFields.Line] = []
        swap(&taken, &lines)
        return taken
    }

    /// Adds a line of the input; `origin` is where the section starts there, `end` where the line does end.
    mutating func append(_ line: FieldLine, from origin: Int, to end: Int) {
        if lines.isEmpty { lines.reserveCapacity(12) }
        lines.append(
            HTTPFields.Line(
                start: UInt32(line.name.lowerBound - origin), nameEnd: UInt32(line.name.upperBound - origin),
                valueStart: UInt32(line.value.lowerBound - origin),
                valueEnd: UInt32(line.value.upperBound - origin)))
        length = end - origin
    }
}

/// Which fields may not come after the body (RFC 9110 §6.5.1): what frames or routes a message, modifies the
/// request, authenticates, or tells how to read the content.
enum TrailerRules {
    static func check(_ input: Span<UInt8>, _ name: Range<Int>) throws(MessageError) {
        guard !forbidden.contains(input.text(name).lowercased()) else {
            throw .malformed("a trailer field may not stand after the body")
        }
    }

    private static let forbidden: Set<String> = [
        "authorization", "cache-control", "connection", "content-encoding", "content-length", "content-range",
        "content-type", "cookie", "expect", "host", "if-match", "if-modified-since", "if-none-match",
        "if-range",
        "if-unmodified-since", "keep-alive", "max-forwards", "pragma", "proxy-authorization",
        "proxy-connection",
        "range", "te", "trailer", "transfer-encoding", "upgrade",
    ]
}
