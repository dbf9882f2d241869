import HTTPServing
import Logging
import TLS

extension Service {
    /// Reloads certificates, their keys, the provider's key, and the settings that can be replaced (SIGHUP).
    /// A file that cannot be used changes nothing, and the log has the reason. Blocks; do not use on an
    /// event loop.
    func reload(_ log: Logger) {
        for (index, identity) in identities.enumerated() {
            guard let identity else { continue }
            do throws(TLSError) {
                for warning in try identity.reload() {
                    log.warning("TLS certificate warning", metadata: ["reason": "\(warning)"])
                }
                log.notice("certificates reloaded", metadata: ["address": "\(server.addresses[index])"])
            } catch {
                for issue in error.issues {
                    log.error(
                        "certificate reload failed; the current certificate is kept",
                        metadata: ["reason": "\(issue)"])
                }
            }
        }
        let configuration = settingsReload.read(log)
        keyReload.run(with: configuration?.settings, log)
        guard let configuration else { return }
        let webhooks = webhookReload.read(configuration, log)
        let receivers = noticeReload.read(configuration, log)
        guard let webhooks, let receivers else { return }
        webhookReload.apply(webhooks, log)
        noticeReload.apply(receivers, log)
        settingsReload.apply(configuration, log)
    }
}
