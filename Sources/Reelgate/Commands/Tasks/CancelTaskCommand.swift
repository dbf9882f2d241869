import ArgumentParser

/// `reelgate tasks cancel`: cancels a queued task.
struct CancelTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancels a job that has not been submitted.",
        discussion: "The provider cannot cancel: submitted jobs are generated and billed.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let client = try options.client()
        do {
            try await client.cancel(task.id).printDetails()
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}
