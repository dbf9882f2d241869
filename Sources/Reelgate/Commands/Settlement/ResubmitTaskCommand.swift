import ArgumentParser
import GatewayProtocol

/// `reelgate tasks resubmit`: settles an uncertain task by submitting it again.
struct ResubmitTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resubmit",
        abstract: "Settles an uncertain task: sends it again, although it may be billed twice.",
        discussion: "Check the provider's records first: adopt a job that is there.")

    @OptionGroup var task: TaskArgument
    @OptionGroup var options: GatewayOption

    func run() async throws {
        let report = try await options.settle(task.id, by: .resubmit)
        report.printOutcome("Task \(report.id) was resubmitted; it may be billed twice.")
    }
}
