import ArgumentParser

/// `reelgate tasks show`: shows a task.
struct ShowTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a task's state in the gateway. Does not query the provider.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let client = try options.client()
        do {
            try await client.task(task.id).printDetails()
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}
