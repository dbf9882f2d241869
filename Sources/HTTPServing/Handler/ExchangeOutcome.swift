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
