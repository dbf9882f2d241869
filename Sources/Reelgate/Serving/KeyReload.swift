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
    ///
    /// - Parameter settings: name the file; `nil` if the configuration cannot be read, for the current one.
    func run(with settings: Settings?, _ log: Logger) {
        let source = source.following(settings)
        if source == .environment {
            log.info("the provider's key is kept; a restart replaces it", metadata: ["source": "\(source)"])
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
