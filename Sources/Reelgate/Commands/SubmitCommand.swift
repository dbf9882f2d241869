import ArgumentParser
import JSONText
import Transport

/// `reelgate submit`: sends a job.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Sends a job to a gateway.",
        discussion: """
            Only what is given here is sent: a field that is left out keeps the provider's own default.

              reelgate submit --prompt "A woman walking through a garden" \\
                  --reference https://example.com/ref1.jpg https://example.com/ref2.jpg \\
                  --aspect-ratio 9:16 --wait --output video.mp4

            On a terminal it shows a progress bar, otherwise one JSON object for each change of the task. \
            Ends with 0 when the job was taken (with --wait: when the video is there), 1 when it failed, 2 \
            for wrong usage, 3 when the gateway cannot be reached. The job carries an Idempotency-Key, so \
            that a lost answer never buys twice.
            """)

    @OptionGroup var job: JobOptions

    @Flag(help: "Wait until the task ends.")
    var wait = false

    @Option(parsing: .unconditional, help: ArgumentHelp("Wait, and save the video here.", valueName: "file"))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The same key with the same job joins the task that there is. A fresh one if left out.",
            valueName: "key"))
    var idempotencyKey: String?

    @OptionGroup var options: GatewayOption

    func validate() throws {
        if let issue = output.flatMap(ContentDownload.issue) { throw ValidationError("--output: \(issue)") }
        if let key = idempotencyKey {
            let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard !key.isEmpty, key.utf8.count <= 255, isVisible else {
                throw ValidationError("--idempotency-key: 1 to 255 visible ASCII characters")
            }
        }
    }

    func run() async throws {
        let client = try options.client()
        let text = try job.json().serialized()
        let key = idempotencyKey ?? Self.freshKey()
        do {
            if wait || output != nil {
                try await submitAndWait(text, key, client)
            } else {
                show(try await accepted(text, key, client))
            }
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }

    /// The task of an accepted job. A 503 that names one has accepted it: the job is durable and waits, and a
    /// caller who repeats it after an error would buy it twice.
    private func accepted(
        _ text: [UInt8], _ key: String, _ client: GatewayClient
    ) async throws -> TaskReport {
        do {
            return try await client.submit(text, idempotencyKey: key)
        } catch let problem as GatewayProblem {
            guard problem.status == 503, let id = problem.taskID,
                case .changed(let report, _) = try await client.fetchTask(id, knownTag: nil, waitSeconds: 0)
            else { throw problem }
            StandardStream.error.line("The gateway keeps the job for now: \(problem.detail)")
            return report
        }
    }

    private static func freshKey() -> String {
        "reelgate-" + (0..<2).map { _ in String(Entropy.number(), radix: 36) }.joined()
    }

    private func submitAndWait(_ text: [UInt8], _ key: String, _ client: GatewayClient) async throws {
        let display = TaskDisplay(preface: "sending")
        let waiting = TaskWaiting(client: client, display: display, output: output)
        let farewell = """
            Left before the gateway answered: the job may be with it.
            Send the same job with --idempotency-key \(key) to join it, or look at reelgate tasks list
            """
        try await waiting.run(farewell: { farewell }) {
            do {
                let report = try await client.submit(text, idempotencyKey: key)
                display.show(report)
                return report.id
            } catch let problem as GatewayProblem {
                // The job is durable and goes out as soon as it can: what was asked for is to wait.
                guard problem.status == 503, let id = problem.taskID else { throw problem }
                display.note("The gateway keeps the job for now: \(problem.detail)")
                return id
            }
        }
    }

    private func show(_ report: TaskReport) {
        guard StandardStream.output.isTerminal else { return StandardStream.output.line(report.line) }
        StandardStream.output.line("Task \(report.id) is \(report.state).")
        StandardStream.output.line("Wait for it with reelgate tasks wait \(report.id)")
    }
}
