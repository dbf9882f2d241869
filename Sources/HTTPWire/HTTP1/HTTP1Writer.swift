/// Writes responses in HTTP/1.1 format.
package enum HTTP1Writer {
    /// The interim response to `Expect: 100-continue`.
    package static let continueBytes = [UInt8]("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    /// The CRLF after the data of a chunk.
    package static let chunkEnd = [UInt8]("\r\n".utf8)
    /// The last chunk of a chunked body without trailers.
    package static let lastChunk = [UInt8]("0\r\n\r\n".utf8)

    /// Appends the status line, fields, framing, `Date`, `X-Request-Id` (unless empty), `Connection` and the
    /// empty line.
    package static func writeHead(_ head: ResponseHead, into out: inout [UInt8]) {
        appendStart(head.status, head.fields, head.framing, to: &out)
        appendEnd(date: head.date, requestID: head.requestID, closes: head.closes, to: &out)
    }

    /// Returns what `appendEnd` completes to the head of a response: the part that all requests share.
    package static func headStart(
        _ status: Int, _ fields: HTTPFields, _ framing: ResponseHead.Framing
    ) -> [UInt8] {
        var start: [UInt8] = []
        appendStart(status, fields, framing, to: &start)
        return start
    }

    private static func appendStart(
        _ status: Int, _ fields: HTTPFields, _ framing: ResponseHead.Framing, to out: inout [UInt8]
    ) {
        appendStatusLine(status, to: &out)
        fields.append(to: &out)
        switch framing {
        case .length(let length):
            append("Content-Length: ", to: &out)
            out.append(decimal: UInt64(length))
            append("\r\n", to: &out)
        case .chunked: append("Transfer-Encoding: chunked\r\n", to: &out)
        case .none, .untilClose: break
        }
        append("Date: ", to: &out)
    }

    /// Appends the rest of a head: what differs between requests, and the empty line.
    ///
    /// - Parameter date: The 29 bytes of `IMFDate.bytes`.
    package static func appendEnd(date: [UInt8], requestID: String, closes: Bool, to out: inout [UInt8]) {
        out.append(contentsOf: date)
        if !requestID.isEmpty {
            append("\r\nX-Request-Id: ", to: &out)
            append(requestID, to: &out)
        }
        // Always explicit: an HTTP/1.0 client keeps the connection open only if told so (RFC 9112 §9.3).
        append(
            closes ? "\r\nConnection: close\r\n\r\n" : "\r\nConnection: keep-alive\r\n\r\n", to: &out)
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
