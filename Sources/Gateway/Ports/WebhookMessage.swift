package import VideoJobs

/// One attempt of a webhook.
package struct WebhookMessage: Equatable, Sendable {
    /// The `webhook-id`.
    package var id: String
    package var callback: TaskCallback
    package var body: [UInt8]
    /// The time of the attempt, the `webhook-timestamp`.
    package var at: Timestamp

    package init(id: String, callback: TaskCallback, body: [UInt8], at: Timestamp) {
        self.id = id
        self.callback = callback
        self.body = body
        self.at = at
    }
}
