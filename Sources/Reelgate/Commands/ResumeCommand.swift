import ArgumentParser
import GatewayProtocol
import HTTPFetching

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
            """)

    @Flag(help: "The store was restored from a backup, and its uncertain tasks are settled.")
    var olderStore = false

    @OptionGroup var options: GatewayOption

    func validate() throws {
        guard olderStore else { throw ValidationError("specify the pause to end: --older-store") }
    }

    func run() async throws {
        let client = try options.client()
        do {
            let response = try await client.resume(.olderStore)
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
}
