/// The end of one request.
package struct ExchangeOutcome: Equatable, Sendable {
    /// How an exchange ended.
    package enum Completion: Equatable, Sendable {
        /// The whole response was sent.
        case complete
        /// The client left before: it closed or reset the connection, or reset the stream.
        case cancelled
        /// The server ended it before: for a time limit, a drain, an eviction, or a body that failed.
        case aborted
    }

    /// The status of the response; `nil` if none was begun.
    package var status: Int?
    /// Bytes of the response's content that were sent.
    package var bytes: Int64
    package var completion: Completion

    package init(status: Int?, bytes: Int64, completion: Completion) {
        self.status = status
        self.bytes = bytes
        self.completion = completion
    }

    /// Returns the outcome of a request whose response was not begun.
    static func unanswered(_ completion: Completion) -> ExchangeOutcome {
        ExchangeOutcome(status: nil, bytes: 0, completion: completion)
    }
}
