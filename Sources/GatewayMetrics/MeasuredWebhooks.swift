import Gateway
import Metrics

/// A sender of webhooks whose attempts are counted by their result.
struct MeasuredWebhooks: WebhookSender {
    let sender: any WebhookSender
    let attempts: CounterFamily

    var isEnabled: Bool { sender.isEnabled }

    func refusal(of url: String) async -> String? { await sender.refusal(of: url) }

    func send(_ message: WebhookMessage) async -> WebhookReply {
        let reply = await sender.send(message)
        attempts.counter(reply.verdict.label).add()
        return reply
    }
}

extension WebhookReply.Verdict {
    /// The value of the label `result`.
    fileprivate var label: String {
        switch self {
        case .accepted: "delivered"
        case .retry: "failed"
        case .stop: "stopped"
        }
    }
}
