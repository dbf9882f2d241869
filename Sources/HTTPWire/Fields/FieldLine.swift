/// One field line (RFC 9112 §5): `field-name ":" OWS field-value OWS`.
struct FieldLine {
    let name: Range<Int>
    let value: Range<Int>

    /// Parses the line in `range`, which is without its CRLF and contains no control bytes but tabs.
    init(_ input: Span<UInt8>, _ range: Range<Int>) throws(MessageError) {
        let index = input.end(of: .token, in: range)
        guard index < range.upperBound, input[index] == UInt8(ascii: ":"), index > range.lowerBound else {
            throw FieldLine.error(input, range, at: index)
        }
        name = range.lowerBound..<index
        value = input.trimmed(index + 1..<range.upperBound)
    }

    private static func error(_ input: Span<UInt8>, _ range: Range<Int>, at index: Int) -> MessageError {
        guard index < range.upperBound else { return .malformed("a field line must have a colon") }
        if index == range.lowerBound, input[index].isOptionalSpace {
            // RFC 9112 §5.2 and §2.2: no folding, and nothing between the start line and the first field.
            return .malformed("a field line must not begin with whitespace")
        }
        if input[index].isOptionalSpace {
            // RFC 9112 §5.1: must be rejected, because parsers have read it in two ways.
            return .malformed("there must be no whitespace before the colon of a field")
        }
        return .malformed("a field name must be a token")
    }
}
