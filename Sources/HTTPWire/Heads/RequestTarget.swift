/// The request target in one of the forms of RFC 9112 §3.2.
struct RequestTarget: Sendable {
    /// Begins with `/`, or is `*`.
    let path: String
    let query: String?
    /// The authority of an absolute-form target.
    let authority: String?

    init(
        _ input: Span<UInt8>, _ range: Range<Int>, method: String, secure: Bool
    ) throws(MessageError) {
        guard !range.isEmpty else { throw .malformed("the request target is empty") }
        if method == "CONNECT" { throw RequestTarget.connectError(input, range) }

        var pathStart = range.lowerBound
        if input[pathStart] == UInt8(ascii: "/") {
            authority = nil
        } else if range.count == 1, input[pathStart] == UInt8(ascii: "*") {
            // RFC 9112 §3.2.4: asterisk-form is for OPTIONS only.
            guard method == "OPTIONS" else { throw .malformed("the target * is for OPTIONS only") }
            (path, query, authority) = ("*", nil, nil)
            return
        } else {
            let host = try RequestTarget.authority(input, range, secure: secure)
            authority = input.text(host)
            pathStart = host.upperBound
        }

        let pathEnd = try RequestTarget.end(of: .path, input, pathStart..<range.upperBound)
        let hasQuery = pathEnd < range.upperBound
        if hasQuery { try RequestTarget.checkQuery(input, pathEnd..<range.upperBound) }
        query = hasQuery ? input.text(pathEnd + 1..<range.upperBound) : nil
        // Only an absolute-form target can have an empty path; for OPTIONS that means the whole server
        // (§3.2.4).
        let empty = method == "OPTIONS" && !hasQuery ? "*" : "/"
        path = pathEnd == pathStart ? empty : input.text(pathStart..<pathEnd)
    }

    /// Returns the range of the authority in an absolute-form target (RFC 9112 §3.2.2).
    private static func authority(
        _ input: Span<UInt8>, _ range: Range<Int>, secure: Bool
    ) throws(MessageError) -> Range<Int> {
        guard let start = hostStart(input, range, "http://") ?? hostStart(input, range, "https://") else {
            throw .malformed("the request target must be a path or an http URI")
        }
        var end = start
        while end < range.upperBound, input[end] != UInt8(ascii: "/"), input[end] != UInt8(ascii: "?") {
            end += 1
        }
        guard Authority.isValid(input, start..<end) else {
            throw .malformed("the request target has no valid host")
        }
        // RFC 9110 §7.4: a request for an https resource requires TLS.
        let isHTTPS = start - range.lowerBound == "https://".utf8.count
        guard secure || !isHTTPS else { throw .misdirected }
        return start..<end
    }

    private static func hostStart(_ input: Span<UInt8>, _ range: Range<Int>, _ scheme: String) -> Int? {
        let end = range.lowerBound + scheme.utf8.count
        return end <= range.upperBound && input.equals(range.lowerBound..<end, scheme) ? end : nil
    }

    /// Returns where the bytes of `set` and escapes end: at `?` or the end of the target.
    private static func end(
        of set: ByteSet, _ input: Span<UInt8>, _ range: Range<Int>
    ) throws(MessageError) -> Int {
        var index = range.lowerBound
        while true {
            index = input.end(of: set, in: index..<range.upperBound)
            guard index < range.upperBound else { return index }
            if input.isEscape(at: index, end: range.upperBound) {
                index += 3
            } else if input[index] == UInt8(ascii: "?") {
                return index
            } else {
                // RFC 9112 §3.2: an invalid target must not be corrected.
                throw .malformed("the request target contains a byte that must be percent-encoded")
            }
        }
    }

    /// Checks a query that begins with `?`.
    private static func checkQuery(_ input: Span<UInt8>, _ range: Range<Int>) throws(MessageError) {
        _ = try end(of: .query, input, range)
    }

    /// RFC 9112 §3.2.3: CONNECT requires authority-form with a port. Only this is checked, because CONNECT is
    /// not supported.
    private static func connectError(_ input: Span<UInt8>, _ range: Range<Int>) -> MessageError {
        var colon: Int?
        for index in range where input[index] == UInt8(ascii: ":") { colon = index }
        guard let colon, colon + 1 < range.upperBound, Authority.isValid(input, range),
            Authority.isPort(input, colon + 1..<range.upperBound)
        else { return .malformed("the target of CONNECT must be a host and a port") }
        return .malformed("CONNECT is not implemented")
    }
}
