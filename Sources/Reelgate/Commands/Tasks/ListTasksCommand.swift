import ArgumentParser
import Transport
import VideoJobs

/// `reelgate tasks list`: lists tasks.
struct ListTasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists tasks, newest first.")

    /// The gateway's page size limit.
    private static let pageMax = 100

    @OptionGroup var filter: TaskFilterOptions

    @Option(parsing: .unconditional, help: ArgumentHelp("Only tasks with this status.", valueName: "status"))
    var status: TaskStatus?

    @Option(parsing: .unconditional, help: ArgumentHelp("Only tasks of this model.", valueName: "id"))
    var model: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The maximum number of tasks.", valueName: "n"))
    var limit = 20

    @OptionGroup var options: GatewayOption

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit \(limit): from 1 to 100000")
        }
    }

    func run() async throws {
        let client = try options.client()
        do {
            try await list(client)
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }

    private func list(_ client: GatewayClient) async throws {
        let filters = [
            ("state", filter.state?.rawValue), ("status", status?.rawValue), ("model", model),
            ("client", filter.owner),
        ]
        .compactMap { name, value in value.map { (name: name, value: $0) } }
        var shown: [TaskReport] = []
        var next: String?
        repeat {
            var parameters = filters
            parameters.append((name: "limit", value: "\(min(Self.pageMax, limit - shown.count))"))
            if let next { parameters.append((name: "after", value: next)) }
            let page = try await client.list(parameters)
            shown += page.tasks
            next = page.tasks.isEmpty ? nil : page.next
        } while next != nil && shown.count < limit
        show(shown, isAll: next == nil)
    }

    private func show(_ tasks: [TaskReport], isAll: Bool) {
        guard StandardStream.output.isTerminal else {
            for task in tasks { StandardStream.output.line(task.line) }
            return
        }
        if tasks.isEmpty { return StandardStream.output.line("No tasks.") }
        for line in TaskTable.lines(
            tasks, now: SystemTime.wallMilliseconds / 1000, width: StandardStream.output.width)
        {
            StandardStream.output.line(line)
        }
        if tasks.contains(where: { $0.evidence != nil }) {
            StandardStream.output.line("To settle an uncertain task, see: reelgate tasks show ID")
        }
        if !isAll { StandardStream.output.line("There are more tasks: raise --limit to list them.") }
    }
}
