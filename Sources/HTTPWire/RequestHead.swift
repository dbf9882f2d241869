/// The request line and header fields of one request, after they proved valid.
package struct RequestHead: Equatable, Sendable {
    /// A request method (RFC 9110 §9), as sent: methods are case-sensitive.
    package var method: String
    /// The path of the target, percent-encoding untouched: begins with `/`, or is `*`.
    package var path: String
    /// What follows the `?`, if there is one.
    package var query: String?
    /// The Host, or the authority of an absolute-form target, which then counts instead (RFC 9112 §3.2.2).
    /// Empty only in an HTTP/1.0 request that names none.
    package var authority: String
    package var fields: HTTPFields
    /// Whether the message said that the connection stays open after the answer.
    package var keepsAlive: Bool
    /// Whether `Expect: 100-continue` was sent with a body still to come, in HTTP/1.1.
    package var expectsContinue: Bool
    /// The length of the body where it was stated; 0 without a body, `nil` when chunked.
    package var contentLength: Int64?
    /// Whether it came as HTTP/1.0, whose answers may be neither chunked nor preceded by a 100 (RFC 9112
    /// §6.1, RFC 9110 §15.2).
    package var isHTTP10: Bool

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
