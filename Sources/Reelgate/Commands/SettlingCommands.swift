import ArgumentParser
import GatewayProtocol
import HTTPFetching
import JSONText
import VideoJobs

/// `reelgate tasks adopt`.
struct AdoptTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Settles an uncertain task: the provider has it under this id.",
        discussion: """
            The gateway asks the provider whether it knows the task, then follows it to its end and keeps its \
            video. Nothing is sent again.
            """)

    @OptionGroup var task: TaskArgument

    @Argument(
        help: ArgumentHelp(
            "The provider task id, from the provider's records.", valueName: "provider-task-id"))
    var providerTaskID: String

    @OptionGroup var options: GatewayOption

    func validate() throws {
        guard ProviderTaskID(validating: providerTaskID) != nil else {
            throw ValidationError("provider-task-id: 1 to 256 visible ASCII characters")
        }
    }

    func run() async throws {
        let members: JSONObject = [TaskMember.providerTaskID.rawValue: .string(providerTaskID)]
        let report = try await options.settle(task.id, by: .adopt, members)
        report.print("Task \(report.id) was adopted as provider task \(providerTaskID).")
    }
}

/// `reelgate tasks dismiss`.
struct DismissTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dismiss",
        abstract: "Settles an uncertain task: the provider never had it and never billed it.",
        discussion: "The task ends as failed with the code dismissed. Nothing is sent.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let report = try await options.settle(task.id, by: .dismiss)
        report.print("Task \(report.id) was dismissed: it failed and counts as never billed.")
    }
}

/// `reelgate tasks resubmit`.
struct ResubmitTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resubmit",
        abstract: "Settles an uncertain task: sends it again, although it may be billed twice.",
        discussion: "Check the provider's records first: adopt a job that is there.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let report = try await options.settle(task.id, by: .resubmit)
        report.print("Task \(report.id) was resubmitted; it may be billed twice.")
    }
}

extension GatewayOption {
    /// Settles a task. A lost response is an error with the command that shows the outcome.
    fileprivate func settle(
        _ id: String, by action: SettlementAction, _ members: JSONObject = JSONObject()
    ) async throws -> TaskReport {
        let client = try client()
        do {
            return try await client.settle(id, by: action, members)
        } catch let failure as FetchError where failure.stage == .afterSending {
            throw CommandError(
                "the gateway's response was lost: \(failure.message)",
                remedy:
                    "Task \(id) may be settled: check with reelgate tasks show \(id) before you try again.",
                status: .unreachable)
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}

extension TaskReport {
    /// Prints what was done and how to continue on a terminal, else a JSON line.
    fileprivate func print(_ done: String) {
        guard StandardStream.output.isTerminal else { return StandardStream.output.line(line) }
        StandardStream.output.line(done)
        if isOpen { StandardStream.output.line("Wait for it with reelgate tasks wait \(id)") }
    }
}
