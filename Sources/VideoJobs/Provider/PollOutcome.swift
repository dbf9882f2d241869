/// The outcome of one poll.
package enum PollOutcome: Equatable, Sendable {
    case report(ProviderReport)
    /// The poll failed and reveals nothing about the task. `retryAfter` is the provider's requested delay.
    case unavailable(message: String, retryAfter: Duration?)
    /// 404 in the provider's own error shape: the provider does not know the task. The task is polled for a
    /// bounded time, then fails with `generation_timeout`.
    case notKnown(message: String)
    /// 401, 402 or 403 in the provider's own error shape.
    case credentialsRejected(message: String)
}
