import HTTPServing
import JSONText
import Simulator
import Testing

@Suite struct SimulatorControlTests {
    @Test func `the ledger lists every create and counts every call`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0)
        let id = try harness.accepted()
        _ = harness.create(SimulatedProviderHarness.job(with: ["duration": 3]))
        _ = harness.ask("POST", "/v1/videos/generations", Array("{oops".utf8), key: nil)
        let link = try harness.link(id)
        _ = harness.ask("GET", link, key: nil)
        let ledger = harness.ledger()
        #expect(ledger["accepted"] == 1 && ledger["refused"] == 2 && ledger["creates"] == 3)
        #expect(ledger["polls"] == 1 && ledger["downloads"] == 1 && ledger["downloads_with_key"] == 0)
        #expect(
            ledger["requests"] == [
                "GET /results/{id}.mp4": 1, "GET /v1/tasks/{id}": 1, "POST /v1/videos/generations": 3,
            ])
        let entries = try #require(ledger["entries"]?.array)
        #expect(entries.map { $0["verdict"]?.string } == ["accepted", "refused", "refused"])
        #expect(entries.map { $0["status"]?.integer } == [200, 422, 401])
        #expect(entries.map { $0["key"]?.string } == ["1234", "1234", nil])
        #expect(entries.map { $0["number"]?.integer } == [1, 2, 3])
        #expect(
            entries[0]["task_id"]?.string == id && entries[0]["polls"] == 1 && entries[0]["downloads"] == 1)
        #expect(entries[0]["body"] == SimulatedProviderHarness.job)
        #expect(entries[2]["body"] == "{oops")
        #expect(entries[0]["time"]?.string == nil && entries[0]["time"] != .null)
    }

    @Test func `no response of the simulator contains a key`() throws {
        var harness = try SimulatedProviderHarness()
        let responses = [harness.create(), harness.ask("GET", "/_simulator/ledger"), harness.status("x")]
        #expect(responses.allSatisfy { !$0.text.contains("sk-secret") })
    }

    @Test func `a download with a key is counted`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0)
        let link = try harness.link(harness.accepted())
        _ = harness.ask("GET", link, key: "sk-secret-1234")
        #expect(harness.ledger()["downloads_with_key"] == 1)
    }

    @Test func `the ledger returns the requested number of newest entries`() throws {
        var harness = try SimulatedProviderHarness()
        for _ in 0..<5 { _ = harness.create() }
        let two = harness.ask("GET", "/_simulator/ledger?limit=2").json
        #expect(two["entries"]?.array?.map { $0["number"]?.integer } == [4, 5])
        #expect(harness.ask("GET", "/_simulator/ledger?limit=0").json["entries"] == [])
        #expect(harness.ask("GET", "/_simulator/ledger?limit=x").status == 422)
    }

    @Test func `the ledger drops its oldest entries and counts them`() throws {
        var harness = try SimulatedProviderHarness(limits: Self.small)
        for _ in 0..<200 { _ = harness.create() }
        let ledger = harness.ask("GET", "/_simulator/ledger?limit=1").json
        #expect(ledger["creates"] == 200 && ledger["accepted"] == 200)
        #expect(ledger["entries_dropped"] == 190 && ledger["tasks_forgotten"] == 180)
        #expect(ledger["entries"]?.array?.first?["number"] == 200)
    }

    @Test func `the ledger is limited by the size of bodies as well`() throws {
        var harness = try SimulatedProviderHarness(limits: Self.small)
        for _ in 0..<8 {
            _ = harness.ask("POST", "/v1/videos/generations", [UInt8](repeating: 0x78, count: 1024))
        }
        #expect(harness.ledger()["entries"]?.array?.count == 4)
    }

    private static var small: SimulatorLimits {
        var limits = SimulatorLimits()
        limits.entries = 10
        limits.entryBytes = 4096
        limits.tasks = 20
        return limits
    }

    @Test func `advancing the clock completes tasks`() throws {
        var harness = try SimulatedProviderHarness(seconds: 100)
        let id = try harness.accepted()
        #expect(harness.advance("50").json["ahead"] == 50)
        #expect(harness.status(id).json["progress"] == 50)
        #expect(harness.advance(#""1m""#).status == 200)
        #expect(harness.status(id).json["status"] == "completed")
        let link = try harness.link(id)
        #expect(harness.advance(#""24h""#).status == 200)
        #expect(harness.ask("GET", link).status == 403)
    }

    @Test(arguments: [
        "{}", "[]", #"{"advance":-1}"#, #"{"advance":"1 week"}"#, #"{"advance":"999999d"}"#, #"{"back":1}"#,
        #"{"advance":true}"#,
    ])
    func `an invalid clock request is 422`(_ request: String) throws {
        var harness = try SimulatedProviderHarness()
        #expect(harness.ask("POST", "/_simulator/clock", Array(request.utf8)).status == 422)
        #expect(harness.ask("GET", "/_simulator/clock").json["ahead"] == 0)
    }

    @Test(arguments: ["/_simulator", "/_simulator/"])
    func `a reset restores the initial state`(_ path: String) throws {
        var harness = try SimulatedProviderHarness(
            script: #"[{"match":{"kind":"create","nth":1},"do":{"status":500}}]"#)
        #expect(harness.create().status == 500)
        let id = try harness.accepted()
        _ = harness.advance("100")
        try harness.setScript("[]")
        #expect(harness.ask("DELETE", path).status == 200)
        #expect(harness.status(id).status == 404)
        #expect(harness.ledger()["creates"] == 0)
        #expect(harness.ask("GET", "/_simulator/clock").json["ahead"] == 0)
        #expect(harness.create().status == 500)
    }

    @Test func `ledger and script can be reset separately`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"match":{"kind":"create"},"do":{"status":500}}]"#)
        _ = harness.create()
        #expect(harness.ask("DELETE", "/_simulator/script").status == 200)
        let id = try harness.accepted()
        #expect(harness.ask("DELETE", "/_simulator/ledger").status == 200)
        #expect(harness.status(id).status == 200)
        #expect(harness.ledger()["creates"] == 0 && harness.ledger()["polls"] == 1)
    }

    @Test(arguments: ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
    func `echo responds to any method with the body, padded to five bytes`(_ method: String) throws {
        var harness = try SimulatedProviderHarness()
        let bodies = ["", "ab", "hello", "hello, world"]
        let responses = bodies.map { harness.ask(method, "/_simulator/echo", Array($0.utf8), key: nil) }
        #expect(responses.map(\.status) == [200, 200, 200, 200])
        #expect(responses.map(\.text) == [".....", "ab...", "hello", "hello, world"])
        for target in ["*", "/_simulator/echo/deeper"] {
            #expect(harness.ask(method, target, Array("hello".utf8), key: nil).text == "hello")
        }
    }

    @Test func `reference images are images`() throws {
        var harness = try SimulatedProviderHarness()
        for name in ["1.png", "2.png", "3.png"] {
            let response = harness.ask("GET", "/_simulator/images/\(name)", key: nil)
            #expect(response.status == 200 && response.field("Content-Type") == "image/png")
            #expect(response.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        }
        #expect(harness.ask("GET", "/_simulator/images/4.png").status == 404)
        #expect(harness.ask("GET", "/_simulator/").status == 200)
        #expect(harness.ask("POST", "/_simulator/ledger").status == 405)
    }
}
