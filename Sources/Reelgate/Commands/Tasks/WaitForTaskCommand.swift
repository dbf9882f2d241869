import ArgumentParser

/// `reelgate tasks wait`: waits for a task.
struct WaitForTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Waits until a task has ended, and saves its video with --output.",
        discussion: """
            Exits with 0 when the video is available, with 1 when the task failed. Ctrl-C stops waiting and \
            does not affect the task. For a finished task it downloads the video again.
            """)

    @OptionGroup var task: TaskArgument

    @OptionGroup var destination: OutputOptions

    @OptionGroup var options: GatewayOption

    func run() async throws {
        let client = try options.client()
        let id = task.id
        do {
            let waiting = TaskWaiting(
                client: client, display: TaskDisplay(preface: "asking"), output: destination.videoOutput)
            try await waiting.run(farewell: { "Stopped waiting. Task \(id) is unchanged." }) { id }
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}
