/// A middleware's view of one request until its response has ended.
package protocol ExchangeObserver: AnyObject, Sendable {
    /// Called once, on the connection's loop: when the last byte of the response was passed to the kernel, or
    /// when the connection or the stream ended before.
    func exchangeEnded(_ outcome: ExchangeOutcome)
}

/// The end of one request.
package struct ExchangeOutcome: Equatable, Sendable {
    /// The status of the response; `nil` if none was begun.
    package var status: Int?
    /// Bytes of the response's content that were sent.
    package var bytes: Int64
    /// Whether the whole response was sent.
    package var isComplete: Bool

    package init(status: Int?, bytes: Int64, isComplete: Bool) {
        self.status = status
        self.bytes = bytes
        self.isComplete = isComplete
    }

    /// The client left before a response was begun.
    static let abandoned = ExchangeOutcome(status: nil, bytes: 0, isComplete: false)
}
