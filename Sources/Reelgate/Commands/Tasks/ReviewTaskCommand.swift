import ArgumentParser
import VideoJobs

/// `reelgate tasks review`: accepts or rejects a finished video.
struct ReviewTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Accepts or rejects the video of a completed task.",
        discussion: "A later review replaces an earlier one. Nothing is sent to the provider.")

    @OptionGroup var task: TaskArgument

    @Argument(help: "accepted or rejected.")
    var verdict: TaskReview.Verdict

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var note: String?

    @OptionGroup var options: GatewayOption

    func validate() throws {
        guard let note else { return }
        guard (1...TaskReview.noteMax).contains(note.utf8.count) else {
            throw ValidationError("--note: 1 to \(TaskReview.noteMax) bytes")
        }
    }

    func run() async throws {
        let client = try options.client()
        do {
            let report = try await client.review(task.id, TaskReview(verdict, note: note))
            report.printOutcome("Task \(report.id) was \(verdict.rawValue).")
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}

extension TaskReview.Verdict: ExpressibleByArgument {}
