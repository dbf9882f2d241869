import ArgumentParser

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

    /// Returns the gateway of that configuration.
    func gateway() throws -> OperatorGateway {
        try OperatorGateway(
            Configuration.load(
                flags: SettingsFlags(config: config), environment: try StartEnvironment.read()))
    }
}
