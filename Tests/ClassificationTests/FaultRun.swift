import FoundationEssentials
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Injects the faults of rows, one after the other, and returns the outcomes. Several runs are concurrent.
struct FaultRun: Sendable {
    /// The simulator, which also completes the jobs after a fault.
    let home: EndToEndFixture
    let authority: CertificateAuthority
    /// The last gateway, if it can be used for another row.
    private var kept: RowGateway?

    init(home: EndToEndFixture, authority: CertificateAuthority) {
        self.home = home
        self.authority = authority
    }

    /// Returns the prompt of a row. With brackets, no prompt is part of another one.
    static func prompt(_ fault: String) -> String { "[\(fault)]" }

    /// Returns a job with a prompt.
    static func job(_ prompt: String) -> String {
        """
        {"model":"veo-3.1-reference-to-video","prompt":"\(prompt)",\
        "reference_image_urls":["https://example.com/a.jpg"]}
        """
    }

    /// Runs a row and returns its outcome.
    mutating func run(_ row: FaultRow) async throws -> Outcome {
        let prompt = Self.prompt(row.fault)
        for number in 1..<3 {
            let outcome = try await run(row, number == 1 ? prompt : "\(prompt) \(number)")
            // On a slow machine the client may time out during the next attempt and get a task in `sending`.
            // The row is about the response between two attempts.
            let isBetweenAttempts = row.expected.verdict != "not sent" || outcome.response.code != nil
            if isBetweenAttempts { return outcome }
        }
        return try await run(row, "\(prompt) last attempt")
    }

    private mutating func run(_ row: FaultRow, _ prompt: String) async throws -> Outcome {
        let provider = try await provider(of: row, prompt)
        defer { provider.end() }
        var gateway = try await startGateway(for: row, at: provider.url)
        if row.followsAnother {
            let other = try await gateway.underTest.submit(Self.job("[before]"))
            try #require(other.status == 200, "\(row.fault): the job before it: \(other.text)")
        }
        let start = ContinuousClock.now
        let response = try await gateway.underTest.submit(Self.job(prompt))
        #expect(ContinuousClock.now - start < .seconds(27), "\(row.fault): a response within the limits")
        var (id, outcome) = try await outcome(response, gateway)
        outcome.counts = try await provider.counts()
        #expect(try gateway.peakMemory() < 128, "\(row.fault): MiB at most")
        if outcome.state == "queued" {
            outcome.verdict = await gateway.waitingClass(of: id)
            gateway = try await recover(id, gateway)
            outcome.afterRecovery = try await home.counts(prompt)
        }
        try await keep(gateway, after: row, outcome)
        return outcome
    }

    private mutating func startGateway(for row: FaultRow, at url: String) async throws -> RowGateway {
        if url == home.provider, let kept, kept.limits == row.limits {
            self.kept = nil
            return kept
        }
        let trust: String? = if case .tls = row.provider { authority.trust } else { nil }
        return try await RowGateway.start(url, row.limits, trust: trust)
    }

    /// Keeps the gateway for the next row if submission is not blocked.
    private mutating func keep(
        _ gateway: RowGateway, after row: FaultRow, _ outcome: Outcome
    ) async throws {
        guard case .script = row.provider, gateway.limits == TimeLimits(), kept == nil else {
            return await gateway.stop()
        }
        if outcome.state == "uncertain" {
            // After two lost responses in a row it would block the next job.
            let next = try await gateway.underTest.submit(Self.job("[after]"))
            try #require(next.status == 200, "\(row.fault): the job after it: \(next.text)")
        }
        kept = gateway
    }

    /// Returns the response that the client received and the state of the task.
    private func outcome(
        _ response: CurlResponse, _ gateway: RowGateway
    ) async throws -> (id: String, outcome: Outcome) {
        let body = try response.json()
        let named = (body["task_id"] ?? body["id"])?.string
        let id = if let named { named } else { try await newestTask(gateway) }
        let task = try #require(
            try await gateway.underTest.follow(id) { $0["gateway"]?["state"]?.string != "sending" }.last)
        let state = task["gateway"]?["state"]?.string ?? ""
        let response = Outcome.Response(
            status: response.status, code: body["error"]?["code"]?.string,
            shouldRetry: response.fields["x-should-retry"],
            hasRetryAfter: response.fields["retry-after"].flatMap { Int($0) } != nil,
            namesTask: named != nil)
        let verdict =
            ["running": "accepted", "failed": "refused", "uncertain": "unknown"][state] ?? state
        return (
            id,
            Outcome(
                verdict: verdict, state: state, response: response,
                counts: Outcome.Counts(creates: -1, accepted: -1))
        )
    }

    private func newestTask(_ gateway: RowGateway) async throws -> String {
        let page = try await Curl.get("\(gateway.underTest.url)/v1/tasks?limit=1").json()
        return try #require(page["data"]?.array?.first?["id"]?.string)
    }

    /// Ends the fault and waits until the job is running.
    private func recover(_ id: String, _ gateway: RowGateway) async throws -> RowGateway {
        await gateway.stop()
        let next = try await RowGateway.start(home.provider, gateway.limits, in: gateway.folder)
        _ = try await next.underTest.follow(id) { $0["gateway"]?["state"]?.string == "running" }
        return next
    }
}

// The providers of the rows.
extension FaultRun {
    private func provider(of row: FaultRow, _ prompt: String) async throws -> RowProvider {
        switch row.provider {
        case .script:
            return RowProvider(url: home.provider) { [home] in try await home.counts(prompt) }
        case .ownScript(let rules):
            let fixture = try await EndToEndFixture()
            try await fixture.script(rules)
            return RowProvider(url: fixture.provider) { try await fixture.allCounts() }
        case .raw(let fault):
            return rawProvider(fault)
        case .address(let url):
            return RowProvider(url: url) { Outcome.Counts(creates: 0, accepted: 0) }
        case .tls(let certificate):
            let provider = try await authority.provider(showing: certificate)
            return RowProvider(url: provider.url) {
                Outcome.Counts(creates: provider.creates, accepted: provider.creates)
            }
        }
    }

    private func rawProvider(_ fault: RawFault) -> RowProvider {
        let ledger = RawLedger()
        let server = RawServer { connection, number in
            connection.unknownPath = "/v1/models"
            fault.script(connection, number, ledger)
        }
        return RowProvider(
            url: "\(fault.scheme)://127.0.0.1:\(server.port)",
            counts: { Outcome.Counts(creates: server.posts, accepted: ledger.accepted) },
            end: {
                ledger.release()
                server.stop()
            })
    }
}
