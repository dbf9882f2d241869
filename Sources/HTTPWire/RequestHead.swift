/// The request line and header fields of one request, after they proved valid.
package struct RequestHead: Sendable {
    /// A request method (RFC 9110 §9), as sent: methods are case-sensitive.
    package var method: String
    /// The path of the target, percent-encoding untouched: begins with `/`, or is `*`.
    package var path: String
    /// What follows the `?`, if there is one.
    package var query: String?
    /// The Host, or the authority of an absolute-form target, which then counts instead (RFC 9112 §3.2.2).
    package var authority: String
    package var fields: HTTPFields
    /// Whether the message said that the connection stays open after the answer.
    package var keepsAlive: Bool
    /// Whether `Expect: 100-continue` was sent.
    package var expectsContinue: Bool
    /// The length of the body where it was stated; 0 without a body, `nil` when chunked.
    package var contentLength: Int64?

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
    }
}
