import ArgumentParser

/// `reelgate clients`: manages the clients of a gateway and their tokens.
struct ClientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clients",
        abstract: "Adds clients, changes them, and issues and revokes their tokens.",
        discussion: """
            Uses the operator socket of the running gateway; changes are in force at once. When no gateway \
            runs, it opens the store itself. Run it as the user of the gateway.

              export REELGATE_TOKEN=$(reelgate clients add studio)

            Readable text on a terminal; one JSON object per line in a pipe or file. Tokens are required \
            with access: {clients: tokens} in the configuration.
            """,
        subcommands: [
            AddClientCommand.self, ListClientsCommand.self, ShowClientCommand.self, SetClientCommand.self,
            RotateClientCommand.self, RevokeClientCommand.self,
        ])
}
