/// The circumstances under which the reply to a paid POST was lost, as observed on the connection.
package struct LostReply: Equatable, Sendable {
    /// A description of what ended the exchange; without keys and links.
    package var message: String
    /// The number of request bytes written; `nil` if the process ended before they were counted.
    package var bytesSent: Int64?
    /// The HTTP status, if one was received.
    package var status: Int?
    /// The provider's ID of the request (`x-request-id` or `x-oneapi-request-id`).
    package var providerRequestID: String?

    package init(
        _ message: String, bytesSent: Int64? = nil, status: Int? = nil, providerRequestID: String? = nil
    ) {
        self.message = message
        self.bytesSent = bytesSent
        self.status = status
        self.providerRequestID = providerRequestID
    }
}
