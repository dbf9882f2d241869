import ArgumentParser

/// `reelgate tasks deliveries`: shows the webhooks and notices of a task.
struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "Shows the webhooks and notices of a task and every attempt to send them.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let client = try options.client()
        do {
            DeliveryReport.print(try await client.deliveries(of: task.id))
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}
