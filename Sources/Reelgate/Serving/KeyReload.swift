import Gateway
import Logging
import ProviderClient

/// The replacement of the provider's key in a running gateway.
struct KeyReload: Sendable {
    let source: APIKeySource
    let account: ProviderAccount
    let gateway: VideoGateway

    /// Reads the key from its source again. Requests in progress keep the current key. On errors logs the
    /// reason and keeps the current key. Blocks.
    func run(_ log: Logger) {
        if source == .environment {
            log.notice(
                "the provider's key is not reloaded",
                metadata: ["reason": "it is from \(source); restart the gateway to replace it"])
            return
        }
        do throws(SettingsError) {
            let key = try source.readKey(environment: [:])
            let message: Logger.Message =
                account.replaceKey(key) ? "the provider's key is replaced" : "the provider's key is unchanged"
            log.notice(message, metadata: ["source": "\(source)"])
            gateway.recordKeyReload(.done, detail: message.description)
            // Also if it is unchanged: the provider may have accepted it again.
            gateway.credentialsReplaced()
        } catch {
            log.error(
                "the provider's key cannot be reloaded; the current key is kept",
                metadata: ["reason": "\(error)"])
            gateway.recordKeyReload(.failed, detail: "the current key is kept; the log has the reason")
        }
    }
}
