/// Sends webhooks to addresses that clients name.
package protocol WebhookSender: Sendable {
    /// Whether webhooks are sent at all. Without, every callback is refused.
    var isEnabled: Bool { get }
    /// Returns why no webhook may be sent to a URL now, in words that contain nothing of its path and query;
    /// `nil` if it may. Resolves the name of the host if that decides.
    func refusal(of url: String) async -> String?
    /// Signs and sends a webhook once. Checks its address anew, after the name was resolved; follows no
    /// redirect. Bounded in time.
    func send(_ message: WebhookMessage) async -> WebhookReply
}
