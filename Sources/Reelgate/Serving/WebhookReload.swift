import Logging
import WebhookClient

/// The replacement of the webhooks' destinations and secrets in a running gateway.
struct WebhookReload: Sendable {
    let sender: HTTPWebhookSender

    /// Reads the secrets again. On errors logs the reason and returns `nil`. Blocks.
    func read(_ configuration: Configuration, _ log: Logger) -> WebhookSettings? {
        do throws(SettingsError) {
            return try configuration.readWebhooks()
        } catch {
            log.error(
                "the secrets of webhooks cannot be reloaded; the current ones are kept",
                metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// Replaces the settings.
    func apply(_ settings: WebhookSettings, _ log: Logger) {
        guard settings != sender.settings else { return }
        sender.replaceSettings(with: settings)
        log.notice(
            "the settings of webhooks are replaced",
            metadata: ["allowed": "\(settings.allow.count)", "secrets": "\(settings.secrets.count)"])
    }
}
