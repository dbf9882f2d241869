import ArgumentParser
import HTTPFetching
import JSONText
import VideoJobs

/// `reelgate tasks adopt`.
struct AdoptTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Settles an uncertain task: it is this task of the provider's.",
        discussion: """
            The gateway asks the provider whether it knows that task, then follows it to its end and keeps \
            its video. Nothing is sent again.
            """)

    @OptionGroup var task: TaskArgument

    @Argument(help: ArgumentHelp("The provider's id, from its own records.", valueName: "provider-task-id"))
    var providerTaskID: String

    @OptionGroup var options: GatewayOption

    func validate() throws {
        guard ProviderTaskID(validating: providerTaskID) != nil else {
            throw ValidationError("provider-task-id: 1 to 256 visible ASCII characters")
        }
    }

    func run() async throws {
        let members: JSONObject = ["provider_task_id": .string(providerTaskID)]
        let report = try await options.settle(task.id, by: "adopt", members)
        report.tell("Task \(report.id) is followed as the provider's \(providerTaskID).")
    }
}

/// `reelgate tasks dismiss`.
struct DismissTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dismiss",
        abstract: "Settles an uncertain task: the provider never had it, and it was never billed.",
        discussion: "The task ends as failed with the code dismissed. Nothing is sent.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let report = try await options.settle(task.id, by: "dismiss")
        report.tell("Task \(report.id) has failed; it counts as never billed.")
    }
}

/// `reelgate tasks resubmit`.
struct ResubmitTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resubmit",
        abstract: "Settles an uncertain task: sends it again, although it may then be billed twice.",
        discussion: "Look into the provider's own records first: a job that is there is better adopted.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let report = try await options.settle(task.id, by: "resubmit")
        report.tell("Task \(report.id) is sent again; it may be billed twice.")
    }
}

extension GatewayOption {
    /// Settles a task and says where to look if nobody knows whether that was done.
    fileprivate func settle(
        _ id: String, by call: String, _ members: JSONObject = JSONObject()
    ) async throws -> TaskReport {
        let client = try client()
        do {
            return try await client.settle(id, by: call, members)
        } catch let failure as FetchError where failure.stage == .afterSending {
            throw CommandError(
                "the gateway's answer was lost: \(failure.message)",
                remedy:
                    "Task \(id) may be settled: look with reelgate tasks show \(id) before you try again.",
                status: .unreachable)
        } catch {
            throw CommandError(error, asking: client.base)
        }
    }
}

extension TaskReport {
    /// What was done and how to go on for a person, a JSON line for a program.
    fileprivate func tell(_ done: String) {
        guard StandardStream.output.isTerminal else { return StandardStream.output.line(line) }
        StandardStream.output.line(done)
        if isOpen { StandardStream.output.line("Wait for it with reelgate tasks wait \(id)") }
    }
}
