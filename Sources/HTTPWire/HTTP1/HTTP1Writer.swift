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
            out.append(contentsOf: Line.okAndDate)
        } else {
            appendStatusLine(head.status, to: &out)
            out.append(contentsOf: Line.date)
        }
        out.append(contentsOf: head.date)
        out.append(contentsOf: Line.end)
        out.append(contentsOf: head.fields.bytes)
        switch head.framing {
        case .length(let length):
            out.append(contentsOf: Line.contentLength)
            out.append(decimal: UInt64(length))
            out.append(contentsOf: Line.end)
        case .chunked: out.append(contentsOf: Line.chunked)
        case .none, .untilClose: break
        }
        if !head.requestID.isEmpty {
            out.append(contentsOf: Line.requestID)
            append(head.requestID, to: &out)
            out.append(contentsOf: Line.end)
        }
        // Always explicit: an HTTP/1.0 client keeps the connection open only if told so (RFC 9112 §9.3).
        out.append(contentsOf: head.closes ? Line.close : Line.keepAlive)
    }

    /// Constant texts as bytes, so that appending them is one copy.
    private enum Line {
        static let okAndDate = [UInt8]("HTTP/1.1 200 OK\r\nDate: ".utf8)
        static let date = [UInt8]("Date: ".utf8)
        static let end = [UInt8]("\r\n".utf8)
        static let contentLength = [UInt8]("Content-Length: ".utf8)
        static let chunked = [UInt8]("Transfer-Encoding: chunked\r\n".utf8)
        static let requestID = [UInt8]("X-Request-Id: ".utf8)
        static let keepAlive = [UInt8]("Connection: keep-alive\r\n\r\n".utf8)
        static let close = [UInt8]("Connection: close\r\n\r\n".utf8)
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
