import ArgumentParser
import HTTPFetching

/// A task's id that needs no percent-encoding in a path.
struct TaskArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The task's id, or its provider task id.", valueName: "id"))
    var id: String

    func validate() throws {
        let isPlain = PercentEncodeSet.component.encode(id.utf8) == id && !id.hasPrefix(".")
        guard isPlain, !id.isEmpty, id.utf8.count <= 200 else {
            throw ValidationError("this is not the id of a task; reelgate tasks list shows the ids")
        }
    }
}
