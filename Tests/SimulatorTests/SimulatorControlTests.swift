import HTTPServing
import JSONText
import Simulator
import Testing

@Suite struct SimulatorControlTests {
    @Test func `the ledger tells of every create and counts every call`() throws {
        var bench = try ProviderOnTheBench(seconds: 0)
        let id = try bench.accepted()
        _ = bench.create(ProviderOnTheBench.job(with: ["duration": 3]))
        _ = bench.ask("POST", "/v1/videos/generations", Array("{oops".utf8), key: nil)
        let link = try bench.link(id)
        _ = bench.ask("GET", link, key: nil)
        let ledger = bench.ledger()
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
        #expect(entries[0]["body"] == ProviderOnTheBench.job)
        #expect(entries[2]["body"] == "{oops")
        #expect(entries[0]["time"]?.string == nil && entries[0]["time"] != .null)
    }

    @Test func `no answer of the simulator holds a key`() throws {
        var bench = try ProviderOnTheBench()
        let answers = [bench.create(), bench.ask("GET", "/_simulator/ledger"), bench.status("x")]
        #expect(answers.allSatisfy { !$0.text.contains("sk-secret") })
    }

    @Test func `a download that carries a key is noticed`() throws {
        var bench = try ProviderOnTheBench(seconds: 0)
        let link = try bench.link(bench.accepted())
        _ = bench.ask("GET", link, key: "sk-secret-1234")
        #expect(bench.ledger()["downloads_with_key"] == 1)
    }

    @Test func `the ledger shows as many of the newest as are asked for`() throws {
        var bench = try ProviderOnTheBench()
        for _ in 0..<5 { _ = bench.create() }
        let two = bench.ask("GET", "/_simulator/ledger?limit=2").json
        #expect(two["entries"]?.array?.map { $0["number"]?.integer } == [4, 5])
        #expect(bench.ask("GET", "/_simulator/ledger?limit=0").json["entries"] == [])
        #expect(bench.ask("GET", "/_simulator/ledger?limit=x").status == 422)
    }

    @Test func `the ledger drops its oldest entries and says so`() throws {
        var bench = try ProviderOnTheBench(limits: Self.small)
        for _ in 0..<200 { _ = bench.create() }
        let ledger = bench.ask("GET", "/_simulator/ledger?limit=1").json
        #expect(ledger["creates"] == 200 && ledger["accepted"] == 200)
        #expect(ledger["entries_dropped"] == 190 && ledger["tasks_forgotten"] == 180)
        #expect(ledger["entries"]?.array?.first?["number"] == 200)
    }

    @Test func `large bodies push out entries before their number does`() throws {
        var bench = try ProviderOnTheBench(limits: Self.small)
        for _ in 0..<8 {
            _ = bench.ask("POST", "/v1/videos/generations", [UInt8](repeating: 0x78, count: 1024))
        }
        #expect(bench.ledger()["entries"]?.array?.count == 4)
    }

    private static var small: SimulatorLimits {
        var limits = SimulatorLimits()
        limits.entries = 10
        limits.entryBytes = 4096
        limits.tasks = 20
        return limits
    }

    @Test func `advancing the clock ends tasks`() throws {
        var bench = try ProviderOnTheBench(seconds: 100)
        let id = try bench.accepted()
        #expect(bench.advance("50").json["ahead"] == 50)
        #expect(bench.status(id).json["progress"] == 50)
        #expect(bench.advance(#""1m""#).status == 200)
        #expect(bench.status(id).json["status"] == "completed")
        let link = try bench.link(id)
        #expect(bench.advance(#""24h""#).status == 200)
        #expect(bench.ask("GET", link).status == 403)
    }

    @Test(arguments: [
        "{}", "[]", #"{"advance":-1}"#, #"{"advance":"1 week"}"#, #"{"advance":"999999d"}"#, #"{"back":1}"#,
        #"{"advance":true}"#,
    ])
    func `a clock order that makes no sense is 422`(_ order: String) throws {
        var bench = try ProviderOnTheBench()
        #expect(bench.ask("POST", "/_simulator/clock", Array(order.utf8)).status == 422)
        #expect(bench.ask("GET", "/_simulator/clock").json["ahead"] == 0)
    }

    @Test(arguments: ["/_simulator", "/_simulator/"])
    func `a reset forgets everything but how it was started`(_ path: String) throws {
        var bench = try ProviderOnTheBench(
            script: #"[{"match":{"kind":"create","nth":1},"do":{"status":500}}]"#)
        #expect(bench.create().status == 500)
        let id = try bench.accepted()
        _ = bench.advance("100")
        try bench.obey("[]")
        #expect(bench.ask("DELETE", path).status == 200)
        #expect(bench.status(id).status == 404)
        #expect(bench.ledger()["creates"] == 0)
        #expect(bench.ask("GET", "/_simulator/clock").json["ahead"] == 0)
        #expect(bench.create().status == 500)
    }

    @Test func `ledger and script can be forgotten alone`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"match":{"kind":"create"},"do":{"status":500}}]"#)
        _ = bench.create()
        #expect(bench.ask("DELETE", "/_simulator/script").status == 200)
        let id = try bench.accepted()
        #expect(bench.ask("DELETE", "/_simulator/ledger").status == 200)
        #expect(bench.status(id).status == 200)
        #expect(bench.ledger()["creates"] == 0 && bench.ledger()["polls"] == 1)
    }

    @Test(arguments: ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
    func `echo answers any method with the body, padded to five bytes`(_ method: String) throws {
        var bench = try ProviderOnTheBench()
        let bodies = ["", "ab", "hello", "hello, world"]
        let answers = bodies.map { bench.ask(method, "/_simulator/echo", Array($0.utf8), key: nil) }
        #expect(answers.map(\.status) == [200, 200, 200, 200])
        #expect(answers.map(\.text) == [".....", "ab...", "hello", "hello, world"])
        for place in ["*", "/_simulator/echo/deeper"] {
            #expect(bench.ask(method, place, Array("hello".utf8), key: nil).text == "hello")
        }
    }

    @Test func `reference images are images`() throws {
        var bench = try ProviderOnTheBench()
        for name in ["1.png", "2.png", "3.png"] {
            let answer = bench.ask("GET", "/_simulator/images/\(name)", key: nil)
            #expect(answer.status == 200 && answer.field("Content-Type") == "image/png")
            #expect(answer.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        }
        #expect(bench.ask("GET", "/_simulator/images/4.png").status == 404)
        #expect(bench.ask("GET", "/_simulator/").status == 200)
        #expect(bench.ask("POST", "/_simulator/ledger").status == 405)
    }
}
