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
            store if no gateway runs.
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
        if spend, options.gateway == nil { return try await resumeSpending() }
        let client = try options.client()
        do {
            let response = try await client.resume(spend ? .spend : .olderStore)
            guard StandardStream.output.isTerminal else { return StandardStream.output.line(response.line) }
            StandardStream.output.line("Submission was resumed. \(response.warnings.joined(separator: " "))")
        } catch let failure as FetchError where failure.stage == .afterSending {
            throw CommandError(
                "the gateway's response was lost: \(failure.message)",
                remedy: "Submission may be resumed: check with GET /readyz before you try again.",
                status: .unreachable)
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }

    private func resumeSpending() async throws {
        let reason: JSONObject = [SubmissionPause.member: .string(SubmissionPause.spend.rawValue)]
        let response = try await target.gateway().document(OperatorCall("POST", GatewayPath.resume, reason))
        let line = String(decoding: response.serialized(), as: UTF8.self)
        StandardStream.output.line(
            StandardStream.output.isTerminal ? "The spend ceiling of the day counts from now on." : line)
    }
}
