import FoundationEssentials
import Transport

/// The work of `submit --wait` and `tasks wait`: follows a task, saves its video, reports how it ended.
struct TaskWaiting: Sendable {
    let client: GatewayClient
    let display: TaskDisplay
    let output: VideoOutput?

    /// Waits for the end of the task that `begin` returns. Ctrl-C leaves and prints how to wait again.
    func run(
        farewell: @escaping @Sendable () -> String,
        _ begin: @escaping @Sendable () async throws -> String
    ) async throws {
        let stop = try await StopSignal(on: client.loop)
        try await stop.run(
            {
                let report = try await display.alive(on: client.loop) {
                    try await TaskFollowing(client: client, display: display).end(of: begin())
                }
                try await conclude(report)
            },
            farewell: {
                guard let task = display.report else { return farewell() }
                let file = output?.arguments ?? ""
                return """
                    Left. Task \(task.id) continues.
                    Wait for it again with reelgate tasks wait \(task.id)\(file)
                    """
            })
    }

    private func conclude(_ report: TaskReport) async throws {
        if let failure = report.failure { throw failure }
        guard let output else { return }
        let path = try await ContentDownload(client: client, output: output).save(report)
        if StandardStream.output.isTerminal {
            StandardStream.output.line("Saved \(path), \(report.videos.first?.bytes ?? 0) bytes.")
        }
    }
}
