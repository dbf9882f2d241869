import ArgumentParser
import GatewayProtocol

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
        report.printOutcome("Task \(report.id) was dismissed: it failed and counts as never billed.")
    }
}
