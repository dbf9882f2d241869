/// Fields that are forbidden in trailers (RFC 9110 §6.5.1): those for framing, routing, request modifiers,
/// authentication and content format.
enum TrailerRules {
    static func check(_ input: Span<UInt8>, _ name: Range<Int>) throws(MessageError) {
        guard !forbidden.contains(input.text(name).lowercased()) else {
            throw .malformed("this field is not allowed in the trailers")
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
