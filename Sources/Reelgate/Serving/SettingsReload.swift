import Gateway
import Logging
import VideoJobs

/// The replacement of settings in a running gateway.
struct SettingsReload: Sendable {
    /// Reads the configuration again.
    let configuration: @Sendable () throws(SettingsError) -> Configuration
    /// The settings and the model catalog that the gateway was started with.
    let started: Settings
    let catalog: [UInt8]
    let source: APIKeySource
    let gateway: VideoGateway
    let level: LogLevel

    /// The settings that `run` replaces. The key's file is read again by `KeyReload`.
    private static let replaceable: Set<String> = [
        "spend.job_usd", "spend.day_usd", "webhooks.allow", "webhooks.secret_files", "notify",
        "log.level",
    ]

    /// Keeps no copy of a key that was in the environment.
    init(_ configuration: Configuration, _ source: APIKeySource, _ gateway: VideoGateway, _ level: LogLevel) {
        let flags = configuration.flags
        let environment = configuration.environment.filter { $0.key != APIKeySource.variable }
        self.configuration = { () throws(SettingsError) in
            try Configuration.load(flags: flags, environment: environment)
        }
        started = configuration.settings
        catalog = configuration.catalog.bytes
        self.source = source
        self.gateway = gateway
        self.level = level
    }

    /// Reads and validates the configuration and the model catalog again. On errors logs the reason and
    /// returns `nil`. Blocks.
    func read(_ log: Logger) -> Configuration? {
        do throws(SettingsError) {
            let configuration = try configuration()
            if configuration.catalog.bytes != catalog { _ = try configuration.catalog.readCatalog() }
            if configuration.settings.listen != started.listen {
                _ = try configuration.readIdentities(protocols: [])
            }
            return configuration
        } catch {
            log.error(
                "the configuration cannot be reloaded; the current settings are kept",
                metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// Replaces what can be replaced, and logs what else differs from the start.
    func apply(_ configuration: Configuration, _ log: Logger) {
        replaceCeilings(SpendCeilings(configuration.settings.spend), log)
        replaceLevel(Logger.Level(configuration.settings.log.level), log)
        let pending = pending(in: configuration)
        guard !pending.isEmpty else { return }
        log.warning(
            "changed settings need a restart",
            metadata: ["settings": "\(pending.joined(separator: ", "))"])
    }

    /// Returns what differs from the start and is not replaced.
    func pending(in configuration: Configuration) -> [String] {
        var pending = configuration.settings.differences(from: started).filter {
            !Self.replaceable.contains($0)
        }
        if source.following(configuration.settings) != source {
            pending.removeAll { $0 == "provider.api_key_file" }
        }
        if configuration.catalog.bytes != catalog { pending.append("models.yaml") }
        return pending
    }

    private func replaceCeilings(_ ceilings: SpendCeilings, _ log: Logger) {
        guard ceilings != gateway.ceilings else { return }
        gateway.reloadCeilings(ceilings)
        log.notice(
            "the spend ceilings are replaced",
            metadata: ["job_usd": "\(Self.text(ceilings.job))", "day_usd": "\(Self.text(ceilings.day))"])
    }

    private func replaceLevel(_ new: Logger.Level, _ log: Logger) {
        guard new != level.current else { return }
        let metadata: Logger.Metadata = ["log_level": "\(new)"]
        // Logged while the more detailed of both levels is in force.
        if new < level.current { level.replace(with: new) }
        log.notice("the log level is replaced", metadata: metadata)
        level.replace(with: new)
    }

    private static func text(_ ceiling: Int64?) -> String { ceiling.map(Dollars.text) ?? "none" }
}
