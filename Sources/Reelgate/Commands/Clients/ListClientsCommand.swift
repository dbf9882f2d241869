import ArgumentParser
import Transport

/// `reelgate clients list`.
struct ListClientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists all clients.")

    @OptionGroup var target: OperatorOption

    func run() async throws {
        let clients = try await target.gateway().clients()
        guard StandardStream.output.isTerminal else {
            for client in clients { StandardStream.output.line(client.line) }
            return
        }
        if clients.isEmpty { return StandardStream.output.line("No clients.") }
        for line in ClientListing.lines(clients, now: SystemTime.wallMilliseconds / 1000) {
            StandardStream.output.line(line)
        }
    }
}
