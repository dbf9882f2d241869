/// A complete response.
package struct FetchResponse: Sendable {
    package var status: Int
    /// In order, with names as sent.
    package var fields: [(name: String, value: String)]
    /// Of a download only the beginning of an error response, at most `errorBodyMax` bytes.
    package var body: [UInt8]
    /// Bytes of the request, head and body, written before the response.
    package var bytesSent: Int64
    /// The content coding that was decoded, such as `gzip`; `nil` if the body is unchanged, so that
    /// `Content-Length` and `Range` match it.
    package var contentCoding: String?
    /// The delay from `Retry-After`, set by callers that parse it.
    package var retryAfter: Duration?

    /// See `body`.
    package static let errorBodyMax = 64 << 10

    package init(
        status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = [], bytesSent: Int64 = 0,
        contentCoding: String? = nil
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.bytesSent = bytesSent
        self.contentCoding = contentCoding
    }

    /// The first field with this name (case-insensitive).
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }
}
