import ArgumentParser

/// `reelgate clients show`.
struct ShowClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a client, without its tokens.")

    @OptionGroup var client: ClientArgument
    @OptionGroup var target: OperatorOption

    func run() async throws {
        let report = try await target.gateway().client(OperatorCall("GET", client.path))
        report.printOutcome(ClientListing.details(report).joined(separator: "\n"))
    }
}
