import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// A provider that refuses one kind of job.
@Suite(.timeLimit(.minutes(3))) struct ProviderRefusalTests {
    static let standard = "veo-3.1-reference-to-video"
    static let fast = "veo-3.1-fast-reference-to-video"

    static func job(_ model: String = standard, prompt: String = "a cat", more: String = "") -> String {
        """
        {"model":"\(model)","prompt":"\(prompt)",\
        "reference_image_urls":["https://example.com/a.jpg"]\(more)}
        """
    }

    /// A refusal, a job that gets it, and one that does not.
    struct Case: Sendable, CustomTestStringConvertible {
        var match: String
        var action: String
        var code: String
        var refused: String
        var other: String
        var testDescription: String { "\(action) when \(match)" }
    }

    static let cases: [Case] = [
        Case(
            match: #""body":{"model":"\#(fast)"}"#, action: #""status":503"#, code: "provider_unreachable",
            refused: job(fast), other: job()),
        Case(
            match: #""body":{"model":"\#(fast)"}"#, action: #""status":402"#,
            code: "provider_quota_exhausted",
            refused: job(fast), other: job(prompt: "a dog")),
        Case(
            match: #""prompt":"sword""#, action: #""status":403"#, code: "provider_credentials_rejected",
            refused: job(prompt: "a sword"), other: job()),
        Case(
            match: #""body":{"resolution":"4k"}"#, action: #""status":429,"retry_after":60"#,
            code: "rate_limited", refused: job(more: #","resolution":"4k""#),
            other: job(more: #","resolution":"720p""#)),
        Case(
            match: #""body":{"generate_audio":true}"#, action: #""status":503,"retry_after":60"#,
            code: "provider_unreachable", refused: job(more: #","generate_audio":true"#),
            other: job(more: #","generate_audio":false"#)),
    ]

    @Test(arguments: cases)
    func `a refused job waits with its reason while another is sent and runs`(_ one: Case) async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create",\#(one.match)},"do":{\#(one.action)}}]"#)
        let gateway = try await fixture.gateway()
        let refused = try await gateway.accepted(one.refused, ["-H", "Prefer: respond-async"])
        let response = try await gateway.submit(one.other)
        #expect(response.status == 200, "\(response.text)")
        #expect(try response.json()["gateway"]?["state"]?.string == "running", "\(response.text)")
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)

        let shown = try await gateway.follow(refused) { $0["gateway"]?["waiting"]?["code"] != nil }.last
        let waiting = try #require(shown?["gateway"]?["waiting"])
        #expect(waiting["code"]?.string == one.code)
        #expect(waiting["message"]?.string?.hasPrefix("HTTP ") == true)
        #expect(waiting["next"]?.integer ?? 0 >= shown?["gateway"]?["updated"]?.integer ?? .max)
        #expect(shown?["gateway"]?["state"]?.string == "queued")
        #expect(shown?["gateway"]?["queue_position"]?.integer == 1)
    }

    @Test func `when the model is available again its jobs are sent once`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(
            #"[{"match":{"kind":"create","body":{"model":"\#(Self.fast)"}},"do":{"status":503}}]"#)
        let gateway = try await fixture.gateway()
        var fast: [String] = []
        for prompt in ["one", "two", "three"] {
            fast.append(
                try await gateway.accepted(
                    Self.job(Self.fast, prompt: prompt), ["-H", "Prefer: respond-async"]))
        }
        for prompt in ["one", "two", "four"] {
            _ = try await gateway.accepted(Self.job(prompt: prompt), ["-H", "Prefer: respond-async"])
        }
        let list = try await Curl.get("\(gateway.url)/v1/tasks?model=\(Self.standard)").json()
        for task in list["data"]?.array ?? [] {
            let id = try #require(task["id"]?.string)
            _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "running" }
        }
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)
        try await fixture.script("[]")
        for id in fast { _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "running" } }
        #expect(try await fixture.ledger()["accepted"]?.integer == 6)
    }

    @Test func `the account is blocked only after refusals of two different jobs`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create"},"do":{"status":402}}]"#)
        let gateway = try await fixture.gateway()
        _ = try await gateway.accepted(Self.job(Self.fast), ["-H", "Prefer: respond-async"])
        let second = try await gateway.submit(Self.job())
        #expect(second.status == 503)
        #expect(try second.json()["error"]?["code"]?.string == "provider_quota_exhausted")
        let third = try await gateway.submit(Self.job(prompt: "another"))
        #expect(third.status == 503)
        let ready = try await Curl.get("\(gateway.url)/readyz")
        #expect(ready.status == 503)
        #expect(try ready.json()["error"]?["code"]?.string == "provider_quota_exhausted")
    }

    @Test func `the Retry-After of two refused kinds does not delay a third`() async throws {
        let fixture = try await EndToEndFixture()
        let refusal = #""do":{"status":503,"retry_after":3600}"#
        try await fixture.script(
            """
            [{"match":{"kind":"create","body":{"model":"\(Self.fast)"}},\(refusal)},\
            {"match":{"kind":"create","body":{"resolution":"4k"}},\(refusal)}]
            """)
        let gateway = try await fixture.gateway()
        let later = ["-H", "Prefer: respond-async"]
        var refused: [String] = []
        for job in [Self.job(Self.fast), Self.job(prompt: "a dog", more: #","resolution":"4k""#)] {
            let response = try await gateway.submit(job, later).json()
            let id = try #require((response["task_id"] ?? response["id"])?.string)
            _ = try await gateway.follow(id) {
                $0["gateway"]?["waiting"]?["message"]?.string?.hasPrefix("HTTP 503") == true
            }
            refused.append(id)
        }
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 503)
        for prompt in ["a bird", "a fish"] {
            let job = Self.job(prompt: prompt, more: #","resolution":"720p""#)
            // While the account is blocked, the response to a POST has the reason and the task ID.
            let response = try await gateway.submit(job, later).json()
            let id = try #require((response["task_id"] ?? response["id"])?.string)
            _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "running" }
            #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)
        }
        for id in refused {
            let shown = try await gateway.task(id)
            let next = try #require(shown["gateway"]?["waiting"]?["next"]?.integer)
            let created = try #require(shown["created"]?.integer)
            #expect(next >= created + 3599)
        }
        #expect(try await fixture.ledger()["entries"]?.array?.count == 4)
    }

    /// Requires that nothing was sent within 5 s, the shortest pause, after the first create. On a slow
    /// machine the pause may be over when the ledger is read.
    private static func expectPause(in fixture: EndToEndFixture) async throws {
        let entries = try #require(try await fixture.ledger()["entries"]?.array)
        let times = entries.compactMap { entry -> Double? in
            switch entry["time"] {
            case .integer(let seconds)?: Double(seconds)
            case .real(let seconds)?: seconds
            default: nil
            }
        }
        let first = try #require(times.first)
        #expect(times.count == entries.count && times.dropFirst().allSatisfy { $0 >= first + 5 }, "\(times)")
    }

    @Test func `submit reports that a delayed job was accepted`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create"},"do":{"status":402}}]"#)
        let gateway = try await fixture.gateway()
        let sent = try await Tools.run(
            "reelgate",
            ["submit", "--gateway", gateway.url, "--prompt", "p", "--reference", "https://example.com/a.jpg"])
        #expect(sent.status == 0, "\(sent.errors)")
        let task = try JSONValue(parsing: sent.output)
        let id = try #require(task["id"]?.string)
        #expect(try await gateway.task(id)["gateway"]?["state"]?.string == "queued")
        #expect(
            sent.errors.hasPrefix("The gateway has accepted the job but cannot submit it yet: "),
            "\(sent.errors)")
    }

    @Test func `a rejected key blocks all at once`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(
            #"[{"match":{"kind":"create","body":{"model":"\#(Self.fast)"}},"do":{"status":401}}]"#)
        let gateway = try await fixture.gateway()
        let first = try await gateway.submit(Self.job(Self.fast))
        #expect(try first.json()["error"]?["code"]?.string == "provider_credentials_rejected")
        let second = try await gateway.submit(Self.job())
        #expect(second.status == 503)
        #expect(try second.json()["error"]?["code"]?.string == "provider_credentials_rejected")
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 503)
        try await Self.expectPause(in: fixture)
    }

    @Test func `after a kill the refused job still has its reason, and the other is sent`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(
            #"[{"match":{"body":{"model":"\#(Self.fast)"}},"do":{"status":503,"retry_after":60}}]"#)
        let gateway = try await fixture.gateway()
        let refused = try await gateway.submit(Self.job(Self.fast))
        let id = try #require(try refused.json()["task_id"]?.string)
        gateway.program.signal(SIGKILL)
        _ = await gateway.program.end()
        let next = try await fixture.gateway()
        let response = try await next.submit(Self.job())
        #expect(try response.json()["gateway"]?["state"]?.string == "running", "\(response.text)")
        let task = try await next.follow(id) { $0["gateway"]?["waiting"]?["code"] != nil }.last
        #expect(task?["gateway"]?["waiting"]?["code"]?.string == "provider_unreachable")
    }
}
