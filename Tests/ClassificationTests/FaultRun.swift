import FoundationEssentials
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Brings rows about, one after the other, and sees what comes of them. Several run beside each other.
struct FaultRun: Sendable {
    /// The provider at which all ends well.
    let home: EndToEndFixture
    let authority: CertificateAuthority
    /// The last gateway, where it can be used again.
    private var kept: GatewayOfRow?

    init(home: EndToEndFixture, authority: CertificateAuthority) {
        self.home = home
        self.authority = authority
    }

    /// Brackets keep one row's name from being part of another's.
    static func prompt(_ fault: String) -> String { "[\(fault)]" }

    static func job(_ prompt: String) -> String {
        """
        {"model":"veo-3.1-reference-to-video","prompt":"\(prompt)",\
        "reference_image_urls":["https://example.com/a.jpg"]}
        """
    }

    /// Runs a row whole.
    mutating func run(_ row: FaultRow) async throws -> Outcome {
        let prompt = Self.prompt(row.fault)
        for number in 1..<3 {
            let outcome = try await run(row, number == 1 ? prompt : "\(prompt) \(number)")
            // On a slow machine the client's patience may end in the middle of the next try, and then it
            // hears of a task that is being sent. The row is about what it hears between tries.
            let isBetweenTries = row.expected.verdict != "not sent" || outcome.heard.code != nil
            if isBetweenTries { return outcome }
        }
        return try await run(row, "\(prompt) at last")
    }

    private mutating func run(_ row: FaultRow, _ prompt: String) async throws -> Outcome {
        let provider = try await provider(of: row, prompt)
        defer { provider.end() }
        var stand = try await gateway(for: row, at: provider.url)
        if row.followsAnother {
            let other = try await stand.gateway.submit(Self.job("[before]"))
            try #require(other.status == 200, "\(row.fault): the job before it: \(other.text)")
        }
        let start = ContinuousClock.now
        let answer = try await stand.gateway.submit(Self.job(prompt))
        #expect(ContinuousClock.now - start < .seconds(27), "\(row.fault): heard within the limits")
        var (id, outcome) = try await outcome(answer, stand)
        outcome.counts = try await provider.counts()
        #expect(try stand.peakMemory() < 128, "\(row.fault): MiB at most")
        if outcome.state == "queued" {
            outcome.verdict = stand.waitingClass(of: id)
            stand = try await mend(id, stand)
            outcome.mended = try await home.counts(prompt)
        }
        try await keep(stand, after: row, outcome)
        return outcome
    }

    private mutating func gateway(for row: FaultRow, at url: String) async throws -> GatewayOfRow {
        if url == home.provider, let kept, kept.patience == row.patience {
            self.kept = nil
            return kept
        }
        let trust: String? = if case .tls = row.provider { authority.trust } else { nil }
        return try await GatewayOfRow.start(url, row.patience, trust: trust)
    }

    /// A gateway that met no obstacle serves the next row too.
    private mutating func keep(
        _ stand: GatewayOfRow, after row: FaultRow, _ outcome: Outcome
    )
        async throws
    {
        guard case .script = row.provider, stand.patience == Patience(), kept == nil else {
            return await stand.stop()
        }
        if outcome.state == "uncertain" {
            // After two lost replies in a row it would hold back the next job.
            let next = try await stand.gateway.submit(Self.job("[after]"))
            try #require(next.status == 200, "\(row.fault): the job after it: \(next.text)")
        }
        kept = stand
    }

    /// What the client heard, and the state in which that left the task.
    private func outcome(
        _ answer: CurlAnswer, _ stand: GatewayOfRow
    ) async throws -> (id: String, outcome: Outcome) {
        let body = try answer.json()
        let named = (body["task_id"] ?? body["id"])?.string
        let id = if let named { named } else { try await newestTask(stand) }
        let task = try #require(
            try await stand.gateway.follow(id) { $0["gateway"]?["state"]?.string != "sending" }.last)
        let state = task["gateway"]?["state"]?.string ?? ""
        let heard = Outcome.Heard(
            status: answer.status, code: body["error"]?["code"]?.string,
            shouldRetry: answer.fields["x-should-retry"],
            hasRetryAfter: answer.fields["retry-after"].flatMap { Int($0) } != nil,
            namesTask: named != nil)
        let verdict =
            ["running": "accepted", "failed": "refused", "uncertain": "unknown"][state] ?? state
        return (
            id,
            Outcome(
                verdict: verdict, state: state, heard: heard,
                counts: Outcome.Counts(creates: -1, accepted: -1))
        )
    }

    private func newestTask(_ stand: GatewayOfRow) async throws -> String {
        let page = try await Curl.get("\(stand.gateway.url)/v1/tasks?limit=1").json()
        return try #require(page["data"]?.array?.first?["id"]?.string)
    }

    /// Ends the fault and waits until the job has gone through.
    private func mend(_ id: String, _ stand: GatewayOfRow) async throws -> GatewayOfRow {
        await stand.stop()
        let next = try await GatewayOfRow.start(home.provider, stand.patience, in: stand.folder)
        _ = try await next.gateway.follow(id) { $0["gateway"]?["state"]?.string == "running" }
        return next
    }
}

// Who misbehaves.
extension FaultRun {
    private func provider(of row: FaultRow, _ prompt: String) async throws -> ProviderOfRow {
        switch row.provider {
        case .script:
            return ProviderOfRow(url: home.provider) { [home] in try await home.counts(prompt) }
        case .ownScript(let rules):
            let house = try await EndToEndFixture()
            try await house.script(rules)
            return ProviderOfRow(url: house.provider) { try await house.allCounts() }
        case .raw(let fault):
            return rawProvider(fault)
        case .address(let url):
            return ProviderOfRow(url: url) { Outcome.Counts(creates: 0, accepted: 0) }
        case .tls(let certificate):
            let provider = try await authority.provider(showing: certificate)
            return ProviderOfRow(url: provider.url) {
                Outcome.Counts(creates: provider.creates, accepted: provider.creates)
            }
        }
    }

    private func rawProvider(_ fault: RawFault) -> ProviderOfRow {
        let ledger = RawLedger()
        let server = RawServer { connection, number in fault.script(connection, number, ledger) }
        return ProviderOfRow(
            url: "\(fault.scheme)://127.0.0.1:\(server.port)",
            counts: { Outcome.Counts(creates: server.posts, accepted: ledger.accepted) },
            end: {
                ledger.release()
                server.stop()
            })
    }
}
