/// What came of an attempt to send a webhook or a notice.
package enum WebhookReply: Equatable, Sendable {
    /// What the reply means for further attempts.
    package enum Verdict: Equatable, Sendable { case accepted, retry, stop }

    /// A response, with the delay of its `Retry-After`.
    case response(status: Int, retryAfter: Duration? = nil)
    /// No complete response, with the reason; it contains no URL.
    case failed(String)
    /// Nothing was sent, since nobody wants it any more, with the reason.
    case withdrawn(String)

    /// Redirects are not followed, so they count as failures.
    package var verdict: Verdict {
        switch self {
        case .response(status: 200...299, _): .accepted
        case .response(status: 410, _), .withdrawn: .stop
        case .response, .failed: .retry
        }
    }

    package var status: Int? { if case .response(let status, _) = self { status } else { nil } }
    package var message: String? {
        switch self {
        case .response: nil
        case .failed(let message), .withdrawn(let message): message
        }
    }
    package var retryAfter: Duration? { if case .response(_, let delay) = self { delay } else { nil } }
}
