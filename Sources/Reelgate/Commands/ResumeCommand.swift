import ArgumentParser
import GatewayProtocol
import HTTPFetching
import JSONText

/// `reelgate resume`: resumes submission after a pause that requires an operator.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Resumes submission after a pause that requires an operator.",
        discussion: """
            After the store was restored from a backup, the gateway submits nothing: jobs that the backup \
            lists as queued may have been submitted since. Settle those tasks first: list them with reelgate \
            tasks list --state uncertain, then adopt, dismiss or resubmit each.

            Tasks and idempotency keys newer than the backup are lost. A client that repeats such a job is \
            billed again.

            While the spend ceiling of the day (spend.day_usd) refuses jobs, --spend lets it count from now \
            on. Without --gateway it uses the operator socket of the gateway with that configuration, or its \
            store if no gateway runs. --older-store does so with --config, REELGATE_CONFIG or REELGATE_DATA.
            """)

    @Flag(help: "The store was restored from a backup, and its uncertain tasks are settled.")
    var olderStore = false

    @Flag(help: "The spend ceiling of the day counts from now on.")
    var spend = false

    @OptionGroup var options: GatewayOption
    @OptionGroup var target: OperatorOption

    func validate() throws {
        guard olderStore != spend else {
            throw ValidationError("specify the pause to end: --older-store or --spend")
        }
    }

    func run() async throws {
        let pause = spend ? SubmissionPause.spend : .olderStore
        let response =
            try usesOperatorSocket ? await resumeAsOperator(pause) : await resume(pause, options.client())
        StandardStream.output.line(StandardStream.output.isTerminal ? response.text : response.line)
    }

    /// Without an address the configuration finds the gateway. The pause of a restored store was ended over
    /// HTTP before, so that a call without either still does.
    private var usesOperatorSocket: Bool {
        guard options.gateway == nil else { return false }
        return spend || target.isGiven
    }

    private func resume(_ pause: SubmissionPause, _ client: GatewayClient) async throws -> ResumeResponse {
        do {
            return try await client.resume(pause)
        } catch let failure as FetchError where failure.stage == .afterSending {
            throw CommandError(
                "the gateway's response was lost: \(failure.message)",
                remedy: "Submission may be resumed: check with GET /readyz before you try again.",
                status: .unreachable)
        } catch let problem as GatewayProblem where problem.code == ProblemCode.notPaused.rawValue {
            throw Self.notPaused(pause, problem, settings: "the gateway's configuration")
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }

    private func resumeAsOperator(_ pause: SubmissionPause) async throws -> ResumeResponse {
        let gateway = try target.gateway()
        var call = OperatorCall("POST", GatewayPath.resume, [SubmissionPause.member: .string(pause.rawValue)])
        // The pause of a restored store is a state of a running gateway.
        call.needsGateway = pause == .olderStore
        let response = try await gateway.fetch(call)
        if let resumed = ResumeResponse(response) { return resumed }
        let problem = GatewayProblem(response)
        throw problem.code == ProblemCode.notPaused.rawValue
            ? Self.notPaused(pause, problem, settings: gateway.settingsName) : problem.commandError
    }

    private static func notPaused(
        _ pause: SubmissionPause, _ problem: GatewayProblem, settings: String
    ) -> CommandError {
        switch pause {
        case .olderStore: problem.commandError
        case .spend:
            CommandError(
                "nothing to resume: \(problem.detail)",
                remedy: "spend.day_usd in \(settings) sets one; --config names another configuration.")
        }
    }
}
