/// The sender of a gateway that is not configured to send webhooks.
struct NoWebhooks: WebhookSender {
    private let message = "this gateway sends no webhooks"

    var isEnabled: Bool { false }
    func refusal(of url: String) async -> String? { message }
    func send(_ message: WebhookMessage) async -> WebhookReply { .failed(self.message) }
}
