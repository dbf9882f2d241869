/// The transfer codings of a request, over all its `Transfer-Encoding` lines (RFC 9112 §6.1).
struct TransferCodings: Sendable {
    private var isChunked = false
    private var hasOthers = false

    mutating func append(_ input: Span<UInt8>, _ value: Range<Int>) throws(MessageError) {
        var list = ListElements(value)
        while let coding = list.next(in: input) {
            // RFC 9112 §6.3: a coding after chunked, even chunked itself, leaves the length unknown.
            guard !isChunked else { throw .malformed("chunked must be the last transfer coding") }
            if input.equals(coding, "chunked") {
                isChunked = true
                continue
            }
            let semicolon = input.firstIndex(of: UInt8(ascii: ";"), in: coding)
            let name = input.trimmed(coding.lowerBound..<(semicolon ?? coding.upperBound))
            guard input.isToken(name) else { throw .malformed("Transfer-Encoding must be a list of tokens") }
            // RFC 9112 §7.1: chunked has no parameters.
            guard !input.equals(name, "chunked") else { throw .malformed("chunked takes no parameters") }
            hasOthers = true
        }
    }

    /// Throws unless the only coding is chunked.
    func check() throws(MessageError) {
        // RFC 9112 §6.3: without chunked at the end the length is unknown.
        guard isChunked else { throw .malformed("chunked must be the last transfer coding") }
        guard !hasOthers else { throw .codingNotImplemented }
    }
}
