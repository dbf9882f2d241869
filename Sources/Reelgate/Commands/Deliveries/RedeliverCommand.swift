import ArgumentParser

/// `reelgate tasks redeliver`: sends the last webhook of a task again.
struct RedeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redeliver",
        abstract: "Sends the last webhook of a task again.",
        discussion: "The receiver gets the same webhook-id and body. Further attempts follow if it fails.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let client = try options.client()
        do {
            DeliveryReport.print(try await client.redeliver(task.id))
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}
