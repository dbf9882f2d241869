/// What the first lines of an answer say.
package struct ResponseHead: Sendable {
    /// How the end of the body is told (RFC 9112 §6).
    package enum Framing: Equatable, Sendable {
        case length(Int64)
        case chunked
        /// The body ends with the connection: for HTTP/1.0 clients (RFC 9112 §6.3).
        case untilClose
        /// No body can follow: 1xx, 204, 304 (RFC 9110 §8.6).
        case none
    }

    package var status: Int
    /// Without `Date`, `Content-Length`, `Transfer-Encoding`, `Connection` and `X-Request-Id`: those are
    /// added.
    package var fields: HTTPFields
    package var framing: Framing
    /// The 29 bytes of `IMFDate.bytes`.
    package var date: [UInt8]
    package var requestID = ""
    /// Whether the connection closes after this answer.
    package var closes = false

    package init(status: Int, fields: HTTPFields, framing: Framing, date: [UInt8]) {
        self.status = status
        self.fields = fields
        self.framing = framing
        self.date = date
    }
}

/// Answers as HTTP/1.1 bytes.
package enum HTTP1Writer {
    /// The interim answer to `Expect: 100-continue`.
    package static let continueBytes = [UInt8]("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    /// What follows the data of a chunk.
    package static let chunkEnd = [UInt8]("\r\n".utf8)
    /// The chunk that ends a chunked body without trailers.
    package static let lastChunk = [UInt8]("0\r\n\r\n".utf8)

    /// Appends status line, `Date`, fields, framing, `Connection`, `X-Request-Id` (unless it is empty) and
    /// the empty line.
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
        // Said either way: without it an HTTP/1.0 client would not know that it may go on (RFC 9112 §9.3).
        out.append(contentsOf: head.closes ? Line.close : Line.keepAlive)
    }

    /// Texts as bytes, made once: appending those is one copy.
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

    /// Appends what precedes the data of a chunk; a CRLF must follow the data (RFC 9112 §7.1). No chunk may
    /// be empty.
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

/// Names of status codes (RFC 9110 §15).
package enum HTTPStatus {
    /// The registered reason phrase, or an empty one, which is allowed (RFC 9112 §4).
    package static func reason(_ status: Int) -> String {
        reasons[status] ?? ""
    }

    private static let reasons: [Int: String] = [
        100: "Continue", 101: "Switching Protocols",
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
        301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict",
        410: "Gone",
        411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long",
        415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed",
        421: "Misdirected Request", 422: "Unprocessable Content", 425: "Too Early", 426: "Upgrade Required",
        428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
        503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    ]
}
