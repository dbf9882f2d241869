import ArgumentParser

/// `reelgate clients revoke`.
struct RevokeClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Makes all tokens of a client invalid. Its tasks stay, and continue.")

    @OptionGroup var client: ClientArgument
    @OptionGroup var target: OperatorOption

    func run() async throws {
        let report = try await target.gateway().client(OperatorCall("DELETE", client.path))
        report.printOutcome("All tokens of \(report.name) are invalid.")
    }
}
