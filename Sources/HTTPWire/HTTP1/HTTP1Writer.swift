/// Writes responses in HTTP/1.1 format.
package enum HTTP1Writer {
    /// The interim response to `Expect: 100-continue`.
    package static let continueBytes = [UInt8]("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    /// The CRLF after the data of a chunk.
    package static let chunkEnd = [UInt8]("\r\n".utf8)
    /// The last chunk of a chunked body without trailers.
    package static let lastChunk = [UInt8]("0\r\n\r\n".utf8)

    /// Appends the status line, `Date`, fields, framing, `Connection`, `X-Request-Id` (unless empty) and the
    /// empty line.
    package static func writeHead(_ head: ResponseHead, into out: inout [UInt8]) {
        if head.status == 200 {
            append("HTTP/1.1 200 OK\r\nDate: ", to: &out)
        } else {
            appendStatusLine(head.status, to: &out)
            append("Date: ", to: &out)
        }
        out.append(contentsOf: head.date)
        append("\r\n", to: &out)
        head.fields.append(to: &out)
        switch head.framing {
        case .length(let length):
            append("Content-Length: ", to: &out)
            out.append(decimal: UInt64(length))
            append("\r\n", to: &out)
        case .chunked: append("Transfer-Encoding: chunked\r\n", to: &out)
        case .none, .untilClose: break
        }
        if !head.requestID.isEmpty {
            append("X-Request-Id: ", to: &out)
            append(head.requestID, to: &out)
            append("\r\n", to: &out)
        }
        // Always explicit: an HTTP/1.0 client keeps the connection open only if told so (RFC 9112 §9.3).
        append(head.closes ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n", to: &out)
    }

    /// Appends the first line of a chunk; CRLF must follow its data (RFC 9112 §7.1). The chunk must not be
    /// empty.
    package static func appendChunkStart(size: Int, to out: inout [UInt8]) {
        precondition(size > 0)
        var shift = (Int.bitWidth - size.leadingZeroBitCount - 1) / 4 * 4
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: size >> shift) & 15
            out.append(digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a"))
            shift -= 4
        }
        append("\r\n", to: &out)
    }

    private static func appendStatusLine(_ status: Int, to out: inout [UInt8]) {
        append("HTTP/1.1 ", to: &out)
        out.append(decimal: UInt64(status))
        append(" ", to: &out)
        append(HTTPStatus.reason(status), to: &out)
        append("\r\n", to: &out)
    }

    private static func append(_ text: String, to out: inout [UInt8]) {
        out.append(contentsOf: text.utf8)
    }
}
