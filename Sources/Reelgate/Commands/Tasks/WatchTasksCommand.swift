import ArgumentParser
import GatewayProtocol
import HTTPFetching
import VideoJobs

/// `reelgate tasks watch`: shows all tasks as they change.
struct WatchTasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows all tasks, live.",
        discussion: """
            On a terminal a table, otherwise one JSON object for each change. After an interruption it \
            continues with the first change that it has not shown. Ctrl-C ends it and affects no task.
            """)

    @OptionGroup var filter: TaskFilterOptions

    @OptionGroup var options: GatewayOption

    func run() async throws {
        let client = try options.client()
        do {
            let stop = try await StopSignal(on: client.loop)
            try await stop.run(
                { try await watch(client) }, farewell: { "Stopped watching. No task was changed." })
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }

    private func watch(_ client: GatewayClient) async throws {
        let display = WatchDisplay(state: filter.state?.rawValue)
        let stream = EventFollowing(client: client, target: target, note: { display.note($0) })
        try await display.alive(on: client.loop) {
            _ = try await stream.run { event in
                try display.show(event)
                return true
            }
        }
    }

    private var target: String {
        GatewayPath.events
            + (filter.owner.map { "?client=\(PercentEncodeSet.component.encode($0.utf8))" } ?? "")
    }
}
