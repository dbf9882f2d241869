import ArgumentParser
import Transport
import VideoJobs

/// `reelgate tasks`: looks at tasks.
struct TasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: "Lists, shows, awaits and cancels tasks, and settles uncertain ones.",
        discussion: """
            On a terminal for people; into a pipe or a file one JSON object a line:

              reelgate tasks list --status failed | jq -r .id
              reelgate tasks wait task-rg-1757165031-k7m2q9x4w1bz --output video.mp4
            """,
        subcommands: [
            ListTasksCommand.self, ShowTaskCommand.self, WaitForTaskCommand.self, CancelTaskCommand.self,
            AdoptTaskCommand.self, DismissTaskCommand.self, ResubmitTaskCommand.self,
        ])
}

// Their words are the contract's, so a wrong one is wrong usage and needs no gateway to say so.
extension TaskState: ExpressibleByArgument {}
extension TaskStatus: ExpressibleByArgument {}

/// `reelgate tasks list`.
struct ListTasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists tasks, newest first.")

    /// As many as the gateway gives at once.
    private static let pageMax = 100

    @Option(parsing: .unconditional, help: ArgumentHelp("Only tasks in this state.", valueName: "state"))
    var state: TaskState?

    @Option(parsing: .unconditional, help: ArgumentHelp("Only tasks of this status.", valueName: "status"))
    var status: TaskStatus?

    @Option(parsing: .unconditional, help: ArgumentHelp("Only tasks of this model.", valueName: "id"))
    var model: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("How many at most.", valueName: "n"))
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
        let filters = [("state", state?.rawValue), ("status", status?.rawValue), ("model", model)]
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
        for line in TaskTable.lines(tasks, now: SystemTime.wallMilliseconds / 1000) {
            StandardStream.output.line(line)
        }
        if tasks.contains(where: { $0.evidence != nil }) {
            StandardStream.output.line("How to settle an uncertain task: reelgate tasks show ID")
        }
        if !isAll { StandardStream.output.line("There are more: say how many with --limit.") }
    }
}

/// `reelgate tasks show`.
struct ShowTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a task as the gateway knows it. Never asks the provider.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let client = try options.client()
        do {
            let version = try await client.fetchTask(task.id, knownTag: nil, waitSeconds: 0)
            if case .changed(let report, _) = version { report.print() }
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}

/// `reelgate tasks wait`.
struct WaitForTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Waits for the end of a task, and saves its video with --output.",
        discussion: """
            Ends with 0 when the video is there, with 1 when the task failed. Leaving with Ctrl-C changes \
            nothing for the task. A finished task can be waited for too, which fetches its video again.
            """)

    @OptionGroup var task: TaskArgument

    @Option(parsing: .unconditional, help: ArgumentHelp("Where to save the video.", valueName: "file"))
    var output: String?

    @OptionGroup var options: GatewayOption

    func validate() throws {
        if let issue = output.flatMap(ContentDownload.issue) { throw ValidationError("--output: \(issue)") }
    }

    func run() async throws {
        let client = try options.client()
        let id = task.id
        do {
            let waiting = TaskWaiting(client: client, display: TaskDisplay(preface: "asking"), output: output)
            try await waiting.run(farewell: { "Left. Task \(id) is as it was." }) { id }
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}

/// `reelgate tasks cancel`.
struct CancelTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Withdraws a job that was not sent yet.",
        discussion: "The provider has no cancel: what was sent is generated and billed.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let client = try options.client()
        do {
            try await client.cancel(task.id).print()
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}

extension TaskReport {
    /// Prints the details on a terminal, else a JSON line.
    fileprivate func print() {
        let lines = StandardStream.output.isTerminal ? TaskTable.details(self) : [line]
        for line in lines { StandardStream.output.line(line) }
    }
}
