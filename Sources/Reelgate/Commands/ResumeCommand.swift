import ArgumentParser
import GatewayProtocol
import HTTPFetching
import JSONText

/// `reelgate resume`.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Ends a pause of submission that a person has to end.",
        discussion: """
            After a store was put back from a backup the gateway sends nothing: what the backup calls \
            queued may have been bought since. Settle those tasks first: reelgate tasks list --state \
            uncertain shows them; adopt, dismiss or resubmit each.

            Tasks and idempotency keys newer than the backup are lost. A client that repeats such a job buys \
            it again.
            """)

    @Flag(help: "The store was put back from a backup, and its uncertain tasks are dealt with.")
    var olderStore = false

    @OptionGroup var options: GatewayOption

    func validate() throws {
        guard olderStore else { throw ValidationError("say which pause to end: --older-store") }
    }

    func run() async throws {
        let client = try options.client()
        do {
            let answer = try await client.resume(.olderStore)
            guard StandardStream.output.isTerminal else { return StandardStream.output.line(answer.line) }
            StandardStream.output.line("Submission was resumed. \(answer.warnings.joined(separator: " "))")
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

/// What a gateway answers to a call that ends a pause.
struct ResumeAnswer: Sendable {
    /// As it came, for a program.
    let line: String
    /// What the person at the command has to know.
    let warnings: [String]

    init?(_ response: FetchResponse) {
        guard response.status == 200, let json = try? JSONValue(parsing: response.body),
            json["object"]?.string == "submission"
        else { return nil }
        line = String(decoding: json.serialized(), as: UTF8.self)
        warnings = json["warnings"]?.array?.compactMap(\.string) ?? []
    }
}
