import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// One `Idempotency-Key`, one task, one video, for any repetition of the job.
@Suite(.timeLimit(.minutes(3))) struct IdempotencyTests {
    private let key = ["-H", "Idempotency-Key: order-7781"]

    @Test func `a hundred concurrent programs with one key get one task with one create`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let responses = try await withThrowingTaskGroup(of: CurlResponse.self) { group in
            for _ in 0..<100 {
                group.addTask { try await gateway.submit(GatewayUnderTest.exampleJob, key) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(responses.count == 100)
        #expect(responses.allSatisfy { $0.status == 200 }, "\(Set(responses.map(\.status)))")
        let ids = Set(try responses.map { try $0.json()["id"]?.string })
        #expect(ids.count == 1 && ids.first != nil, "\(ids)")
        let first = responses.filter { $0.fields["idempotent-replayed"] != "true" }
        #expect(first.count == 1)
        let ledger = try await fixture.ledger()
        #expect(ledger["creates"]?.integer == 1)
        #expect(ledger["accepted"]?.integer == 1)
    }

    @Test func `a key in any spelling survives a kill and identifies one job`() async throws {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        let id = try await first.accepted(GatewayUnderTest.exampleJob, key)
        first.program.signal(SIGKILL)
        #expect(await first.program.end() == -SIGKILL)

        let second = try await fixture.gateway()
        for spelling in ["order-7781", "\"order-7781\""] {
            let field = ["-H", "Idempotency-Key: \(spelling)"]
            let again = try await second.submit(GatewayUnderTest.exampleJob, field)
            #expect(again.status == 200, "\(again.text)")
            #expect(try again.json()["id"]?.string == id)
            #expect(again.fields["idempotent-replayed"] == "true")
        }
        let other = GatewayUnderTest.exampleJob.replacing("walking", with: "running")
        let refused = try await second.submit(other, key)
        #expect(refused.status == 422)
        #expect(try refused.json()["error"]?["code"]?.string == "idempotency_key_reused")
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    private static let spellings = [
        #"""
        {"generate_audio":true,"resolution":"720p","duration":8,"aspect_ratio":"16:9",
         "reference_image_urls":["https://example.com/ref1.jpg"],
         "prompt":"A woman walking through a garden","model":"veo-3.1-reference-to-video"}
        """#,
        #"{"model":"veo-3.1-reference-to-video","prompt":"\u0041 woman walking through a garden","#
            + #""reference_image_urls":["https:\/\/example.com/ref1.jpg"],"aspect_ratio":"16:9","#
            + #""duration":8.0,"resolution":"\u0037\u00320p","generate_audio":true}"#,
        GatewayUnderTest.exampleJob.replacing("\"duration\":8", with: "\"dur\\u0061tion\" :\t80e-1"),
    ]

    @Test func `the same job in another spelling returns its task, and is forwarded as first sent`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let sent = GatewayUnderTest.exampleJob.replacing("\"duration\":8", with: "\"duration\":8e0")
        let id = try await gateway.accepted(sent, key)
        for job in Self.spellings + [GatewayUnderTest.exampleJob] {
            let again = try await gateway.submit(job, key)
            #expect(again.status == 200, "\(again.text)")
            #expect(try again.json()["id"]?.string == id)
            #expect(again.fields["idempotent-replayed"] == "true")
        }
        let other = GatewayUnderTest.exampleJob.replacing("\"duration\":8", with: "\"duration\":null")
        #expect(try await gateway.submit(other, key).status == 422)
        let images = GatewayUnderTest.exampleJob.replacing(
            "ref1.jpg\"", with: "ref1.jpg\",\"https://b.example/2\"")
        #expect(try await gateway.submit(images, key).status == 422)
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    @Test func `a key from before semantic fingerprints still returns its task`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        let id = try await first.accepted(GatewayUnderTest.exampleJob, key)
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)
        let body = try fixture.folder.write(GatewayUnderTest.exampleJob, to: "body.json")
        let digest = try await Tools.run("sha256sum", [body]).text.prefix(64)
        let changed = try await Tools.run(
            "sqlite3",
            [
                fixture.folder.path + "/data/reelgate.db",
                "UPDATE idempotency SET fingerprint = '\(digest)'; SELECT changes()",
            ])
        #expect(changed.lines == ["1"], "\(changed.errors)")

        let second = try await fixture.gateway()
        for job in [GatewayUnderTest.exampleJob] + Self.spellings {
            let again = try await second.submit(job, key)
            #expect(try again.json()["id"]?.string == id, "\(again.text)")
            #expect(again.fields["idempotent-replayed"] == "true")
        }
        let other = GatewayUnderTest.exampleJob.replacing("walking", with: "running")
        #expect(try await second.submit(other, key).status == 422)
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    @Test func `a repeated job returns its uncertain task and is not sent`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create","nth":1},"do":{"cut":"after"}}]"#)
        let gateway = try await fixture.gateway()
        let lost = try await gateway.submit(GatewayUnderTest.exampleJob, key)
        #expect(lost.status == 504, "\(lost.text)")
        let again = try await gateway.submit(GatewayUnderTest.exampleJob, key)
        #expect(again.status == 504)
        #expect(try again.json()["task_id"]?.string == (try lost.json()["task_id"]?.string))
        #expect(again.fields["idempotent-replayed"] == "true")
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }
}
