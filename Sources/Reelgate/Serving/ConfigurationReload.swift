import Gateway
import HTTPServing
import Logging
import ProviderClient
import Synchronization
import TLS
import VideoJobs
import WebhookClient

/// The replacement of a running gateway's configuration (SIGHUP): all that can be replaced, or nothing.
///
/// Everything is read and validated first. Requests in progress end by the configuration that they began
/// with.
final class ConfigurationReload: Sendable {
    /// The parts of the gateway that take over a configuration.
    struct Parts: Sendable {
        let account: ProviderAccount
        let gateway: VideoGateway
        let webhooks: HTTPWebhookSender
        let notices: HTTPNoticeSender
        /// One for each listener; `nil` for a plain one.
        let identities: [TLSIdentity?]
        let level: LogLevel
        /// Takes over limits, and access with the catalog.
        let api: APIReplacement
    }

    private let parts: Parts
    private let flags: SettingsFlags
    /// Without a key that was in the environment.
    private let environment: [String: String]
    private let keySource: APIKeySource
    /// The settings in force. Locked for a whole reload, so that an earlier one never follows a later one.
    private let settings: Mutex<Settings>

    init(_ configuration: Configuration, _ source: APIKeySource, _ parts: Parts) {
        self.parts = parts
        flags = configuration.flags
        environment = configuration.environment.filter { $0.key != APIKeySource.variable }
        keySource = source
        settings = Mutex(configuration.settings)
    }

    /// Reads the configuration again and takes it over. If anything in it cannot be used, changes nothing,
    /// and the log has every reason. Blocks; do not use on an event loop.
    func run(_ log: StructuredLog) {
        settings.withLock { settings in
            do throws(SettingsError) {
                let reading = ConfigurationReading(
                    flags: flags, environment: environment, key: .following(keySource))
                var new = try reading.valid()
                let replaced = settings.replacing(from: new.settings, key: keySource)
                try Self.rejectOpenAccess(replaced, new.configuration)
                new.identities = try identities(of: replaced, new)
                apply(new, replacing: settings, by: replaced, log)
                settings = replaced
            } catch {
                log.error(
                    .reloadFailed, "the configuration cannot be reloaded; the current settings are kept",
                    metadata: ["reason": "\(error)"])
                if error.issues.contains(where: { $0.key == "provider.api_key_file" }) {
                    parts.gateway.recordKeyReload(
                        .failed, detail: "the current key is kept; the log has the reason")
                }
            }
        }
    }

    /// Rejects open access that other machines would have at the addresses that are in use now. Those of the
    /// new configuration were judged with it.
    private static func rejectOpenAccess(
        _ settings: Settings, _ configuration: Configuration
    ) throws(SettingsError) {
        guard settings.access.clients == .open,
            let listener = settings.listen.first(where: \.isOpenToOthers)
        else { return }
        let key = "access.clients"
        throw SettingsError(issues: [
            SettingIssue(
                origin: configuration.origin(of: key), key: key, message: listener.openAccessMessage,
                remedy: "restart the gateway to close that address, or keep access.clients: tokens")
        ])
    }

    /// Returns the certificates for the present listeners. Those of a listener that the new configuration
    /// does not have are read again as they are.
    private func identities(
        of settings: Settings, _ new: ValidConfiguration
    ) throws(SettingsError) -> [TLSIdentity?] {
        if settings.listen == new.settings.listen { return new.identities }
        var configuration = new.configuration
        configuration.settings = settings
        return try configuration.readIdentities(protocols: HTTPServer.protocols)
    }

    // MARK: Taking over

    private func apply(
        _ new: ValidConfiguration, replacing old: Settings, by settings: Settings, _ log: StructuredLog
    ) {
        apply(new.identities, log)
        apply(new.key, log)
        if parts.api.apply(new.catalog, settings, replacing: old, log) { parts.gateway.policyChanged() }
        apply(new.webhooks, log)
        apply(new.receivers, log)
        apply(SpendCeilings(settings.spend), log)
        apply(Logger.Level(settings.log.level), log)
        parts.gateway.recheckModels()
        let pending = new.settings.differences(from: settings)
        guard !pending.isEmpty else { return }
        log.warning(
            .reloadNeedsRestart, "changed settings need a restart",
            metadata: ["settings": "\(pending.joined(separator: ", "))"])
    }

    private func apply(_ identities: [TLSIdentity?], _ log: StructuredLog) {
        var count = 0
        for case (let current?, let new?) in zip(parts.identities, identities) {
            for warning in new.warnings {
                log.warning(
                    .certificateWarning, "TLS certificate warning", metadata: ["reason": "\(warning)"])
            }
            current.replace(with: new)
            count += 1
        }
        guard count > 0 else { return }
        log.notice(.reloadCertificates, "certificates reloaded", metadata: ["listeners": .number(count)])
    }

    private func apply(_ key: ProviderKey?, _ log: StructuredLog) {
        guard let key else {
            log.info(
                .reloadKey, "the provider's key is kept; a restart replaces it",
                metadata: ["source": "\(keySource)"])
            return
        }
        let message =
            parts.account.replaceKey(key.key)
            ? "the provider's key is replaced" : "the provider's key is unchanged"
        log.notice(.reloadKey, message, metadata: ["source": "\(key.source)"])
        parts.gateway.recordKeyReload(.done, detail: message)
        // Also if it is unchanged: the provider may have accepted it again.
        parts.gateway.credentialsReplaced()
    }

    private func apply(_ webhooks: WebhookSettings, _ log: StructuredLog) {
        guard webhooks != parts.webhooks.settings else { return }
        parts.webhooks.replaceSettings(with: webhooks)
        log.notice(
            .reloadWebhooks, "the settings of webhooks are replaced",
            metadata: ["allowed": .number(webhooks.allow.count), "secrets": .number(webhooks.secrets.count)])
    }

    private func apply(_ receivers: [NoticeReceiver], _ log: StructuredLog) {
        guard receivers != parts.notices.receivers else { return }
        parts.notices.replaceReceivers(with: receivers)
        parts.gateway.noticesReplaced()
        log.notice(
            .reloadNotices, "the receivers of notices are replaced",
            metadata: ["receivers": .number(receivers.count)])
    }

    private func apply(_ ceilings: SpendCeilings, _ log: StructuredLog) {
        guard ceilings != parts.gateway.ceilings else { return }
        parts.gateway.reloadCeilings(ceilings)
        log.notice(
            .reloadCeilings, "the spend ceilings are replaced",
            metadata: ["job_usd": "\(ceilings.job.dollars)", "day_usd": "\(ceilings.day.dollars)"])
    }

    private func apply(_ new: Logger.Level, _ log: StructuredLog) {
        let level = parts.level
        guard new != level.current else { return }
        let metadata: StructuredLog.Fields = ["log_level": "\(new)"]
        // Logged while the more detailed of both levels is in force.
        if new < level.current { level.replace(with: new) }
        log.notice(.reloadLevel, "the log level is replaced", metadata: metadata)
        level.replace(with: new)
    }
}

extension Int64? {
    /// An amount of micro-dollars for the log.
    fileprivate var dollars: String { map(Dollars.text) ?? "none" }
}
