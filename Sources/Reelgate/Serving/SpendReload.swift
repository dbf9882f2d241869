import Gateway
import Logging
import VideoJobs

/// The replacement of the spend ceilings in a running gateway.
struct SpendReload: Sendable {
    /// Reads the settings again.
    let settings: @Sendable () throws(SettingsError) -> Settings
    let gateway: VideoGateway

    /// Keeps no copy of a key that was in the environment.
    init(_ configuration: Configuration, _ gateway: VideoGateway) {
        let flags = configuration.flags
        let environment = configuration.environment.filter { $0.key != APIKeySource.variable }
        settings = { () throws(SettingsError) in
            try Configuration.load(flags: flags, environment: environment).settings
        }
        self.gateway = gateway
    }

    /// Reads the ceilings again. On errors logs the reason and keeps the current ones. Blocks.
    func run(_ log: Logger) {
        do throws(SettingsError) {
            let ceilings = SpendCeilings(try settings().spend)
            guard ceilings != gateway.ceilings else { return }
            gateway.replaceCeilings(with: ceilings)
            log.notice(
                "the spend ceilings are replaced",
                metadata: ["job_usd": "\(Self.text(ceilings.job))", "day_usd": "\(Self.text(ceilings.day))"])
        } catch {
            log.error(
                "the configuration cannot be reloaded; the current spend ceilings are kept",
                metadata: ["reason": "\(error)"])
        }
    }

    private static func text(_ ceiling: Int64?) -> String { ceiling.map(Dollars.text) ?? "none" }
}
