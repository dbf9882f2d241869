import ArgumentParser
import VideoJobs

/// `reelgate tasks`: lists and manages tasks.
struct TasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: "Lists, shows, awaits, watches, cancels, settles and reviews tasks, and repeats webhooks.",
        discussion: """
            Readable text on a terminal; one JSON object per line in a pipe or file:

              reelgate tasks list --status failed | jq -r .id
              reelgate tasks wait task-rg-1757165031-k7m2q9x4w1bz --output video.mp4
            """,
        subcommands: [
            ListTasksCommand.self, ShowTaskCommand.self, WaitForTaskCommand.self, WatchTasksCommand.self,
            CancelTaskCommand.self, AdoptTaskCommand.self, DismissTaskCommand.self, ResubmitTaskCommand.self,
            ReviewTaskCommand.self, DeliveriesCommand.self, RedeliverCommand.self,
        ])
}

// The contract fixes these values, so an invalid one is a usage error that needs no gateway.
extension TaskState: ExpressibleByArgument {}
extension TaskStatus: ExpressibleByArgument {}
