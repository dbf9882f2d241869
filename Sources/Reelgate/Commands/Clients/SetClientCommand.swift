import ArgumentParser
import GatewayProtocol
import JSONText

/// `reelgate clients set`: changes what a client may do and use.
struct SetClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Changes a client; what is not given stays as it is.",
        discussion: "none as the value of a limit or of the budget removes it.")

    @OptionGroup var client: ClientArgument
    @OptionGroup var options: ClientOptions

    @Flag(help: "Allow all models again.")
    var allModels = false

    @Flag(help: "Remove all limits.")
    var noLimits = false

    @Flag(help: "Remove the budget.")
    var noBudget = false

    @OptionGroup var target: OperatorOption

    func validate() throws {
        if options.isEmpty, !allModels, !noLimits, !noBudget {
            throw ValidationError("give at least one option to change")
        }
        let limits = options.givenLimits
        if noLimits, let first = limits.first {
            throw ValidationError(
                "--no-limits removes all limits, and \(limits.joined(separator: " and ")) sets one: leave "
                    + "one out; to remove a single limit use \(first) none")
        }
        if noBudget, options.budget != nil {
            throw ValidationError("--no-budget removes the budget, and --budget-usd sets one: leave one out")
        }
        if allModels, !options.models.isEmpty {
            throw ValidationError("--all-models allows all models, and --model only some: leave one out")
        }
    }

    /// The changes as members of a client's document.
    var body: JSONObject {
        var body = options.members
        if allModels { body[ClientMember.models] = .null }
        if noLimits { body[ClientMember.limits] = .null }
        if noBudget { body[ClientMember.budget] = .null }
        return body
    }

    func run() async throws {
        let report = try await target.gateway().client(OperatorCall("PATCH", client.path, body))
        report.printOutcome("Client \(report.name) was changed.")
    }
}
