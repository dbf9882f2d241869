import ArgumentParser
import GatewayProtocol
import JSONText
import VideoJobs

/// `reelgate tasks adopt`: settles an uncertain task with the provider's task id.
struct AdoptTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Settles an uncertain task: assigns it the provider's task id.",
        discussion: """
            The gateway asks the provider whether it has that task, then polls it and archives its video. \
            Nothing is submitted again.
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
        report.printOutcome("Task \(report.id) was adopted as provider task \(providerTaskID).")
    }
}
