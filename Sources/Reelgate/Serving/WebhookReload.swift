import Logging
import WebhookClient

/// The replacement of the webhooks' destinations and secrets in a running gateway.
struct WebhookReload: Sendable {
    let sender: HTTPWebhookSender

    /// Reads the secrets again. On errors logs the reason and keeps the current settings. Blocks.
    func run(with configuration: Configuration, _ log: Logger) {
        do throws(SettingsError) {
            let settings = try configuration.readWebhooks()
            guard settings != sender.settings else { return }
            sender.replaceSettings(with: settings)
            log.notice(
                "the settings of webhooks are replaced",
                metadata: ["allowed": "\(settings.allow.count)", "secrets": "\(settings.secrets.count)"])
        } catch {
            log.error(
                "the secrets of webhooks cannot be reloaded; the current ones are kept",
                metadata: ["reason": "\(error)"])
        }
    }
}
