import ArgumentParser
import GatewayProtocol
import JSONText

/// `reelgate clients add`.
struct AddClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds a client and prints its token, which is not shown again.")

    @OptionGroup var client: ClientArgument
    @OptionGroup var options: ClientOptions
    @OptionGroup var target: OperatorOption

    func run() async throws {
        var body = options.members
        body[ClientMember.name] = .string(client.name)
        let report = try await target.gateway().client(OperatorCall("POST", GatewayPath.clients, body))
        try report.printToken(
            "This is the only time that the token is shown: give it to \(client.name) as REELGATE_TOKEN.")
    }
}
