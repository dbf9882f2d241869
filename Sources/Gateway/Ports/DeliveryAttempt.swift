package import VideoJobs

/// One attempt to send a webhook.
package struct DeliveryAttempt: Equatable, Sendable {
    /// From 1, over all attempts of the delivery.
    package var number: Int
    package var at: Timestamp
    package var duration: Duration
    /// The status of the response; `nil` if there was none.
    package var status: Int?
    /// Why there was no usable response. Contains no URL.
    package var message: String?

    package init(number: Int, at: Timestamp, duration: Duration, status: Int?, message: String? = nil) {
        self.number = number
        self.at = at
        self.duration = duration
        self.status = status
        self.message = message
    }
}
