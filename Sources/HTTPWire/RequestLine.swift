/// The first line of a request (RFC 9112 §3): `method SP request-target SP HTTP-version`.
struct RequestLine: Sendable {
    let method: String
    let isHTTP10: Bool
    let target: RequestTarget

    /// Reads the line in `range`, which is without its CRLF and holds no control bytes but tabs.
    init(_ input: Span<UInt8>, _ range: Range<Int>, _ context: Context) throws(MessageError) {
        let index = input.end(of: .token, in: range)
        guard index > range.lowerBound, index < range.upperBound, input[index] == .space else {
            throw .malformed("a request line begins with a method, a token, and one space")
        }
        method = input.text(range.lowerBound..<index)

        let targetStart = index + 1
        guard let targetEnd = input.firstIndex(of: .space, in: targetStart..<range.upperBound) else {
            throw .malformed("a request line has a method, a target and a version")
        }
        guard targetEnd - targetStart <= context.targetLimit else { throw .targetTooLong }
        isHTTP10 = try RequestLine.isHTTP10(input, targetEnd + 1..<range.upperBound)
        target = try RequestTarget(
            input, targetStart..<targetEnd, method: method, secure: context.secure)
    }

    /// What a request line is judged by beside itself.
    struct Context {
        var targetLimit: Int
        /// Whether the connection has TLS.
        var secure: Bool
    }

    /// Reads `HTTP/` digit `.` digit: the name is case-sensitive and the digits are single (RFC 9112 §2.3). A
    /// minor version above ours is read as 1.1 (RFC 9110 §2.5).
    private static func isHTTP10(_ input: Span<UInt8>, _ range: Range<Int>) throws(MessageError) -> Bool {
        let name = "HTTP/"
        var index = range.lowerBound
        guard range.count == name.utf8.count + 3 else {
            throw .malformed("a request line ends in one space and HTTP/1.1")
        }
        for expected in name.utf8 {
            guard input[index] == expected else { throw .malformed("the version must read HTTP/1.1") }
            index += 1
        }
        guard input[index].isDigit, input[index + 1] == UInt8(ascii: "."), input[index + 2].isDigit else {
            throw .malformed("the version must read HTTP/1.1")
        }
        guard input[index] == UInt8(ascii: "1") else {
            throw .malformed("only HTTP/1.1 and HTTP/1.0 are spoken here")
        }
        return input[index + 2] == UInt8(ascii: "0")
    }
}

/// What a request is for, in one of the forms of RFC 9112 §3.2.
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
        if method == "CONNECT" { throw RequestTarget.refusedConnect(input, range) }

        var pathStart = range.lowerBound
        if input[pathStart] == UInt8(ascii: "/") {
            authority = nil
        } else if range.count == 1, input[pathStart] == UInt8(ascii: "*") {
            // RFC 9112 §3.2.4: asterisk-form is for OPTIONS alone.
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
        // Only an absolute-form target can have an empty path; for OPTIONS that means the server as a whole
        // (§3.2.4).
        let empty = method == "OPTIONS" && !hasQuery ? "*" : "/"
        path = pathEnd == pathStart ? empty : input.text(pathStart..<pathEnd)
    }

    /// Returns where the authority of an absolute-form target stands (RFC 9112 §3.2.2).
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
            throw .malformed("the request target names no valid host")
        }
        // RFC 9110 §7.4: an https resource must not be answered for without TLS.
        let isHTTPS = start - range.lowerBound == "https://".utf8.count
        guard secure || !isHTTPS else { throw .misdirected }
        return start..<end
    }

    private static func hostStart(_ input: Span<UInt8>, _ range: Range<Int>, _ scheme: String) -> Int? {
        let end = range.lowerBound + scheme.utf8.count
        return end <= range.upperBound && input.equals(range.lowerBound..<end, scheme) ? end : nil
    }

    /// Returns where the bytes of `set` and the escapes end: at the `?`, or at the end of the target.
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
                // RFC 9112 §3.2: such a target is not to be mended.
                throw .malformed("the request target holds what no URI may hold unescaped")
            }
        }
    }

    /// Checks the query in a range that begins with its `?`.
    private static func checkQuery(_ input: Span<UInt8>, _ range: Range<Int>) throws(MessageError) {
        _ = try end(of: .query, input, range)
    }

    /// RFC 9112 §3.2.3: CONNECT wants authority-form with a port, which is all that has to be judged here,
    /// since there is no tunnel.
    private static func refusedConnect(_ input: Span<UInt8>, _ range: Range<Int>) -> MessageError {
        var colon: Int?
        for index in range where input[index] == UInt8(ascii: ":") { colon = index }
        guard let colon, colon + 1 < range.upperBound, Authority.isValid(input, range),
            Authority.isPort(input, colon + 1..<range.upperBound)
        else { return .malformed("the target of CONNECT must be a host and a port") }
        return .malformed("CONNECT is not implemented")
    }
}
