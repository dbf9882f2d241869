import ArgumentParser
import FoundationEssentials

/// The gateway to manage: an option of every command that uses the operator socket.
struct OperatorOption: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            The configuration file of the gateway, by default REELGATE_CONFIG, then Config/reelgate.yaml. \
            REELGATE_DATA may name the folder of its store.
            """,
            valueName: "file"))
    var config: String?

    /// Whether the option or the environment names a configuration or a store.
    var isGiven: Bool {
        let environment = ProcessInfo.processInfo.environment
        return config != nil
            || ["REELGATE_CONFIG", "REELGATE_DATA"].contains { environment[$0]?.isEmpty == false }
    }

    /// Returns the gateway of that configuration.
    func gateway() throws -> OperatorGateway { try OperatorGateway(try configuration()) }

    /// Returns that configuration.
    func configuration() throws -> Configuration {
        try Configuration.load(
            flags: SettingsFlags(config: config), environment: try StartEnvironment.read())
    }
}
