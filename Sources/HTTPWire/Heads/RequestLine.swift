/// The first line of a request (RFC 9112 §3): `method SP request-target SP HTTP-version`.
struct RequestLine: Sendable {
    let method: String
    let isHTTP10: Bool
    let target: RequestTarget

    /// Parses the line in `range`, which is without its CRLF and contains no control bytes but tabs.
    init(_ input: Span<UInt8>, _ range: Range<Int>, _ context: Context) throws(MessageError) {
        let index = input.end(of: .token, in: range)
        guard index > range.lowerBound, index < range.upperBound, input[index] == .space else {
            throw .malformed("a request line must begin with a method and one space")
        }
        method = input.text(range.lowerBound..<index)

        let targetStart = index + 1
        guard let targetEnd = input.firstIndex(of: .space, in: targetStart..<range.upperBound) else {
            throw .malformed("a request line must have a method, a target and a version")
        }
        guard targetEnd - targetStart <= context.targetLimit else { throw .targetTooLong }
        isHTTP10 = try RequestLine.isHTTP10(input, targetEnd + 1..<range.upperBound)
        target = try RequestTarget(
            input, targetStart..<targetEnd, method: method, secure: context.secure)
    }

    /// Settings for parsing a request line.
    struct Context {
        var targetLimit: Int
        /// Whether the connection has TLS.
        var secure: Bool
    }

    /// Parses `HTTP/` digit `.` digit; case-sensitive, single digits (RFC 9112 §2.3). A higher minor version
    /// is treated as 1.1 (RFC 9110 §2.5).
    private static func isHTTP10(_ input: Span<UInt8>, _ range: Range<Int>) throws(MessageError) -> Bool {
        let name = "HTTP/"
        var index = range.lowerBound
        guard range.count == name.utf8.count + 3 else {
            throw .malformed("a request line must end in one space and HTTP/1.1")
        }
        for expected in name.utf8 {
            guard input[index] == expected else { throw .malformed("the version must be HTTP/1.1") }
            index += 1
        }
        guard input[index].isDigit, input[index + 1] == UInt8(ascii: "."), input[index + 2].isDigit else {
            throw .malformed("the version must be HTTP/1.1")
        }
        guard input[index] == UInt8(ascii: "1") else {
            throw .malformed("the supported versions are HTTP/1.1 and HTTP/1.0")
        }
        return input[index + 2] == UInt8(ascii: "0")
    }
}
