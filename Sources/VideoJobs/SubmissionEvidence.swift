/// How the reply to a paid POST was lost: what the wire tells.
package struct LostReply: Equatable, Sendable {
    /// What ended the exchange, for a person; no key, no link.
    package var message: String
    /// Bytes of the request that were written; `nil` where nobody was left to count.
    package var bytesSent: Int64?
    /// The HTTP status that came, if one did.
    package var status: Int?
    /// What the provider calls the request (`x-request-id` or `x-oneapi-request-id`).
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

/// What is known of a POST whose outcome is not: enough to look it up in the provider's own records.
package struct SubmissionEvidence: Equatable, Sendable {
    /// Which attempt of the task it was, from 1.
    package var attempt: Int
    /// When the attempt began.
    package var sent: Timestamp
    /// When its outcome was given up for lost.
    package var lost: Timestamp
    package var reply: LostReply

    package init(attempt: Int, sent: Timestamp, lost: Timestamp, reply: LostReply) {
        self.attempt = attempt
        self.sent = sent
        self.lost = lost
        self.reply = reply
    }
}
