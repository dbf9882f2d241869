import Gateway
import Logging
import WebhookClient

/// The replacement of the receivers of notices in a running gateway.
struct NoticeReload: Sendable {
    let sender: HTTPNoticeSender
    let gateway: VideoGateway

    /// Reads URLs and templates again. On errors logs the reason and returns `nil`. Blocks.
    func read(_ configuration: Configuration, _ log: Logger) -> [NoticeReceiver]? {
        do throws(SettingsError) {
            return try configuration.readReceivers()
        } catch {
            log.error(
                "the receivers of notices cannot be reloaded; the current ones are kept",
                metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// Replaces all receivers.
    func apply(_ receivers: [NoticeReceiver], _ log: Logger) {
        guard receivers != sender.receivers else { return }
        sender.replaceReceivers(with: receivers)
        gateway.noticesReplaced()
        log.notice("the receivers of notices are replaced", metadata: ["receivers": "\(receivers.count)"])
    }
}
