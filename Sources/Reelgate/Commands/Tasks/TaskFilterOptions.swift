import ArgumentParser
import VideoJobs

/// Which tasks a command shows: options of the commands that show several.
struct TaskFilterOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Only tasks in this state.", valueName: "state"))
    var state: TaskState?

    @Option(
        name: .customLong("client"), parsing: .unconditional,
        help: ArgumentHelp("Only tasks of this client; for operators.", valueName: "name"))
    var owner: String?
}
