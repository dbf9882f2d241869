import ArgumentParser
import HTTPWire
import JSONText
import Transport

/// `reelgate submit`: submits a job.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submits a job to a gateway.",
        discussion: """
            Sends only the given fields: omitted fields keep the provider's defaults.

              reelgate submit --prompt "A woman walking through a garden" \\
                  --reference https://example.com/ref1.jpg https://example.com/ref2.jpg \\
                  --aspect-ratio 9:16 --wait --output video.mp4

            Shows a progress bar on a terminal, otherwise one JSON object for each change of the task. Exits \
            with 0 when the job is accepted (with --wait: when the video is available), 1 when it failed, 2 \
            for wrong usage, 3 when the gateway is unreachable. The job carries an Idempotency-Key and is \
            repeated under it for half a minute if the response is lost. If none comes then, the command \
            prints the key: with --idempotency-key it joins the task, without it it buys the job again.
            """)

    @OptionGroup var job: JobOptions

    @Flag(help: "Wait until the task has ended.")
    var wait = false

    @OptionGroup var destination: OutputOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Joins the existing task if the same key was used with the same job. Default: a new key.",
            valueName: "key"))
    var idempotencyKey: String?

    @Flag(help: "Print what the job would cost, and its issues, without submitting it.")
    var quote = false

    @OptionGroup var options: GatewayOption

    func validate() throws {
        if quote, wait || destination.output != nil || idempotencyKey != nil {
            throw ValidationError("--quote submits nothing: leave out --wait, --output and --idempotency-key")
        }
        if let key = idempotencyKey {
            guard !key.isEmpty, key.utf8.count <= 255, key.isVisibleASCII else {
                throw ValidationError("--idempotency-key: 1 to 255 visible ASCII characters")
            }
        }
    }

    func run() async throws {
        let client = try options.client()
        let text = try job.json().serialized()
        let key = idempotencyKey ?? Self.freshKey()
        do {
            if quote {
                try await show(client.quote(text))
            } else if wait || destination.output != nil {
                try await submitAndWait(text, key, client)
            } else {
                try await submit(text, key, client)
            }
        } catch {
            throw Self.error(error, key, calling: client.base)
        }
    }

    /// Returns the error of the command. A server before the gateway that has no response to pass on may have
    /// passed the job on.
    private static func error(_ error: any Error, _ key: String, calling base: BaseURL) -> CommandError {
        var result = CommandError(error, calling: base)
        if let problem = error as? GatewayProblem, !problem.isFromGateway, problem.status >= 500 {
            let remedy = "The job may have arrived. \(UnansweredSubmissionError.remedy(key))"
            result.remedy = [result.remedy, remedy].compactMap(\.self).joined(separator: "\n")
        }
        return result
    }

    /// Submits the job and shows its task. Ctrl-C meanwhile leaves and prints how to join the task.
    private func submit(_ text: [UInt8], _ key: String, _ client: GatewayClient) async throws {
        let stop = try await StopSignal(on: client.loop)
        let farewell = Self.farewell(key)
        try await stop.run({ show(try await accepted(text, key, client)) }, farewell: { farewell })
    }

    /// What a person who leaves before the response has to know.
    private static func farewell(_ key: String) -> String {
        """
        Interrupted before the gateway responded: it may have accepted the job.
        \(UnansweredSubmissionError.remedy(key))
        """
    }

    private static let retryNote =
        "The gateway does not respond; it may have the job. Trying again under the same key."

    /// Returns the task of an accepted job. A 503 with a task id means the job was accepted and is durable; a
    /// caller that repeats it after an error would be billed twice.
    private func accepted(
        _ text: [UInt8], _ key: String, _ client: GatewayClient
    ) async throws -> TaskReport {
        do {
            return try await client.submit(text, idempotencyKey: key) {
                StandardStream.error.line(Self.retryNote)
            }
        } catch let problem as GatewayProblem {
            guard problem.status == 503, let id = problem.taskID else { throw problem }
            let report = try await client.task(id)
            StandardStream.error.line(
                "The gateway has accepted the job but cannot submit it yet: \(problem.detail)")
            return report
        }
    }

    private static func freshKey() -> String {
        "reelgate-" + (0..<2).map { _ in String(Entropy.randomNumber(), radix: 36) }.joined()
    }

    private func submitAndWait(_ text: [UInt8], _ key: String, _ client: GatewayClient) async throws {
        let display = TaskDisplay(preface: "submitting")
        let waiting = TaskWaiting(client: client, display: display, output: destination.videoOutput)
        let farewell = Self.farewell(key)
        try await waiting.run(farewell: { farewell }) {
            do {
                let report = try await client.submit(text, idempotencyKey: key) {
                    display.note(Self.retryNote)
                }
                display.show(report)
                for deprecation in report.deprecations { display.note("note: \(deprecation)") }
                return report.id
            } catch let problem as GatewayProblem {
                // The job is durable and will be submitted; the command was asked to wait for it.
                guard problem.status == 503, let id = problem.taskID else { throw problem }
                display.note("The gateway has accepted the job but cannot submit it yet: \(problem.detail)")
                return id
            }
        }
    }

    private func show(_ quote: QuoteReport) throws(CommandError) {
        for line in StandardStream.output.isTerminal ? quote.lines : [quote.line] {
            StandardStream.output.line(line)
        }
        guard !quote.issues.isEmpty else { return }
        throw CommandError(
            (["the gateway would refuse the job:"] + quote.issues).joined(separator: "\n"),
            remedy: "Correct the job, or wait until the limit is reset; nothing was bought.")
    }

    private func show(_ report: TaskReport) {
        let isTerminal = StandardStream.output.isTerminal
        if !isTerminal { StandardStream.output.line(report.line) }
        // Beside the line for programs a person still learns what happened.
        let stream = isTerminal ? StandardStream.output : .error
        for deprecation in report.deprecations { StandardStream.error.line("note: \(deprecation)") }
        let position = report.queuePosition.map { " at position \($0)" } ?? ""
        stream.line("Task \(report.id) is \(report.state)\(position).")
        if report.isOpen {
            stream.line("Wait for it with reelgate tasks wait \(report.id) --output video.mp4")
        } else {
            stream.line("See it with reelgate tasks show \(report.id)")
        }
    }
}
