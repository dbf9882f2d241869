/// The validated head of a request.
package struct RequestHead: Equatable, Sendable {
    /// The method (RFC 9110 §9) as sent; case-sensitive.
    package var method: String
    /// The path, still percent-encoded: begins with `/`, or is `*`.
    package var path: String
    /// The part after `?`, if present.
    package var query: String?
    /// The Host, or the authority of an absolute-form target, which takes precedence (RFC 9112 §3.2.2). Empty
    /// only for HTTP/1.0 requests without a host.
    package var authority: String
    package var fields: HTTPFields
    /// Whether the connection stays open after the response.
    package var keepsAlive: Bool
    /// Whether the client waits for a 100 response before it sends the body (HTTP/1.1 and HTTP/2).
    package var expectsContinue: Bool
    /// The stated body length; 0 without a body, `nil` if the length is not known in advance.
    package var contentLength: Int64?
    /// Whether the request is HTTP/1.0: its response must be neither chunked nor preceded by 100 (RFC 9112
    /// §6.1, RFC 9110 §15.2).
    package var isHTTP10: Bool
    /// A memory that every repetition of this head shares.
    package internal(set) var memory = HeadMemory.none

    /// Whether a body follows the head.
    package var hasBody: Bool { contentLength != 0 }

    package init(
        method: String, path: String, query: String? = nil, authority: String,
        fields: HTTPFields = HTTPFields()
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.authority = authority
        self.fields = fields
        self.keepsAlive = true
        self.expectsContinue = false
        self.contentLength = 0
        self.isHTTP10 = false
    }
}
