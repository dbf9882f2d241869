import HTTPServing
import JSONText
import Simulator
import Testing

@Suite struct FaultScriptTests {
    @Test func `a status is answered in the provider's shape and buys nothing`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"match":{"kind":"create","nth":2},"do":{"status":429,"retry_after":7}}]"#)
        #expect(bench.create().status == 200)
        let answer = bench.create()
        #expect(answer.status == 429 && answer.field("Retry-After") == "7")
        #expect(answer.json["error"]?["type"] == "rate_limit_error")
        #expect(bench.create().status == 200)
        let ledger = bench.ledger()
        #expect(ledger["accepted"] == 2 && ledger["refused"] == 1)
        #expect(ledger["entries"]?.array?[1]["scripted"] == "status retry_after")
        #expect(ledger["script"]?.array == [["do": "status retry_after", "matched": 3, "acted": 1]])
    }

    @Test func `a rule without a number acts on every call until its times are up`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(
            #"[{"match":{"path":"/v1/videos"},"times":2,"do":{"status":503,"retry_after":"later"}}]"#)
        #expect([bench.create(), bench.create(), bench.create()].map(\.status) == [503, 503, 200])
    }

    @Test func `a rule for a prompt leaves other jobs alone, and follows the task`() throws {
        var bench = try ProviderOnTheBench(seconds: 0)
        try bench.obey(#"[{"match":{"kind":"status","prompt":"storm"},"do":{"status":500}}]"#)
        let calm = try bench.accepted()
        let storm = try bench.accepted(ProviderOnTheBench.job(with: ["prompt": "a storm at sea"]))
        #expect(bench.status(calm).status == 200)
        #expect(bench.status(storm).status == 500)
    }

    @Test func `a rule for members of the body leaves other jobs alone`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(
            #"[{"match":{"body":{"resolution":"4k","seed":null}},"do":{"status":503}}]"#)
        #expect(bench.create().status == 200)
        #expect(bench.create(ProviderOnTheBench.job(with: ["resolution": "720p"])).status == 200)
        #expect(bench.create(ProviderOnTheBench.job(with: ["resolution": "4k"])).status == 503)
        #expect(bench.create(ProviderOnTheBench.job(with: ["resolution": "4k", "seed": 1])).status == 422)
    }

    @Test(arguments: [("before", 0, 0), ("within", 1, 40), ("after", 1, 0)])
    func `a cut says whether the job was accepted`(_ cut: String, _ accepted: Int, _ bytes: Int) throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"match":{"nth":1},"do":{"cut":"\#(cut)"}}]"#)
        let answer = bench.create()
        #expect(answer.response.cutAfter == bytes && answer.delay == .zero)
        let entry = try #require(bench.ledger()["entries"]?.array?.first)
        #expect(bench.ledger()["accepted"] == .integer(Int64(accepted)))
        #expect(entry["status"] == .null)
        #expect((entry["task_id"] == .null) == (accepted == 0))
    }

    @Test func `a hanging call is accepted and never answered`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"do":{"hang":true}}]"#)
        let answer = bench.create()
        #expect(answer.delay >= .seconds(60) && answer.response.cutAfter == 0)
        #expect(bench.ledger()["accepted"] == 1)
    }

    @Test func `a delayed call is carried out first`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"do":{"delay":"250ms"}}]"#)
        let answer = bench.create()
        #expect(answer.delay == .milliseconds(250) && answer.status == 200 && answer.response.cutAfter == nil)
        #expect(bench.ledger()["accepted"] == 1)
    }

    @Test(arguments: [(#"{"garbage":true}"#, 200, 1), (#"{"garbage":true,"status":502}"#, 502, 0)])
    func `garbage is no JSON`(_ actions: String, _ status: Int, _ accepted: Int64) throws {
        var bench = try ProviderOnTheBench()
        try bench.obey("[{\"do\":\(actions)}]")
        let answer = bench.create()
        #expect(answer.status == status && answer.json == .null && !answer.bytes.isEmpty)
        #expect(bench.ledger()["accepted"] == .integer(accepted))
    }

    @Test func `accept decides over what a status alone would not`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"do":{"status":502,"accept":true}}]"#)
        #expect(bench.create().status == 502)
        #expect(bench.ledger()["accepted"] == 1)
        try bench.obey(#"[{"do":{"status":200,"accept":false}}]"#)
        let answer = bench.create()
        #expect(answer.status == 200 && answer.json["id"] == nil)
        #expect(bench.ledger()["accepted"] == 1)
    }

    @Test func `a scripted acceptance still refuses a bad job`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"do":{"cut":"after"}}]"#)
        let answer = bench.create(ProviderOnTheBench.job(with: ["duration": 9]))
        #expect(answer.status == 422 && answer.response.cutAfter == nil)
    }

    @Test func `a redirect names its place and buys nothing`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(
            #"""
            [{"match":{"nth":1},"do":{"redirect":"http://127.0.0.1:1/"}},
             {"do":{"redirect":"/x","status":308}}]
            """#
        )
        let first = bench.create()
        #expect(first.status == 307 && first.field("Location") == "http://127.0.0.1:1/")
        let second = bench.create()
        #expect(second.status == 308 && second.field("Location") == "/x")
        #expect(bench.ledger()["accepted"] == 0)
    }

    @Test func `an answer can drip, be followed by a flood, or be the last`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(
            #"""
            [{"match":{"nth":1},"do":{"drip":"2ms"}},{"match":{"nth":2},"do":{"flood":1073741824}},
             {"match":{"nth":3},"do":{"close":true}}]
            """#)
        #expect(bench.create().response.trickle == ThrottledBody(piece: 1, pause: .milliseconds(2)))
        #expect(bench.create().response.trickle?.filler == 1 << 30)
        let last = bench.create()
        #expect(last.response.closes && last.response.trickle == nil)
        #expect(bench.create().response.closes == false)
        #expect(bench.ledger()["accepted"] == 4)
    }

    @Test func `a generation can be made to fail at its end or at once`() throws {
        var bench = try ProviderOnTheBench(seconds: 10)
        try bench.obey(#"[{"match":{"nth":1},"do":{"fail":"content_policy_violation"}}]"#)
        let doomed = try bench.accepted()
        let other = try bench.accepted()
        bench.pass(5)
        #expect(bench.status(doomed).json["status"] == "processing")
        try bench.obey(#"[{"match":{"kind":"status"},"do":{"fail":{"code":"service_error","message":"m"}}}]"#)
        #expect(bench.status(other).json["error"] == ["code": "service_error", "message": "m"])
        try bench.obey("[]")
        bench.pass(5)
        #expect(bench.status(doomed).json["status"] == "failed")
        #expect(bench.status(other).json["error"]?["code"] == "service_error")
    }

    @Test func `statuses can be strange for a while`() throws {
        var bench = try ProviderOnTheBench(seconds: 0)
        let id = try bench.accepted()
        try bench.obey(
            #"""
            [{"match":{"nth":1},"do":{"unknown_status":true}},
             {"match":{"nth":2},"do":{"completed_without_results":true}}]
            """#
        )
        let strange = bench.status(id).json
        #expect(strange["status"] == "dreaming" && strange["results"] == .null)
        let early = bench.status(id).json
        #expect(early["status"] == "completed" && early["progress"] == 50 && early["results"] == .null)
        #expect(bench.status(id).json["results"]?.array?.count == 1)
    }

    @Test func `links can expire early and videos come cut or short`() throws {
        var bench = try ProviderOnTheBench(seconds: 0)
        let id = try bench.accepted()
        let link = try bench.link(id)
        let whole = bench.ask("GET", link).bytes
        try bench.obey(
            #"""
            [{"match":{"nth":1},"do":{"expire_links":true}},
             {"match":{"nth":2},"do":{"truncate_content":true}},
             {"match":{"nth":3},"do":{"truncate_content":"short"}}]
            """#)
        #expect(bench.ask("GET", link).status == 403)
        let cut = bench.ask("GET", link)
        #expect(cut.bytes == whole && cut.response.cutAfter == whole.count / 2)
        let short = bench.ask("GET", link)
        #expect(short.bytes.count == whole.count / 2 && short.response.cutAfter == nil)
    }

    @Test func `the first due rule acts and every matching rule counts`() throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"match":{"nth":1},"do":{"status":500}},{"match":{"nth":2},"do":{"status":402}}]"#)
        #expect([bench.create(), bench.create(), bench.create()].map(\.status) == [500, 402, 200])
    }

    @Test(arguments: [
        (#"{}"#, ""), (#"[{"do":{"explode":true}}]"#, "/0/do/explode"),
        (#"[{"when":{},"do":{"hang":true}}]"#, "/0/when"),
        (#"[{"do":{"hang":true}},{"match":{"verb":"x"},"do":{"hang":true}}]"#, "/1/match/verb"),
        (#"[{"match":{}}]"#, "/0"),
        (#"[{"do":{"status":99}}]"#, "/0/do/status"), (#"[{"do":{"status":"500"}}]"#, "/0/do/status"),
        (#"[{"do":{"cut":"sometimes"}}]"#, "/0/do/cut"), (#"[{"do":{"hang":false}}]"#, "/0/do/hang"),
        (#"[{"do":{"hang":true,"cut":"after"}}]"#, "/0/do"), (#"[{"do":{"retry_after":3}}]"#, "/0/do"),
        (#"[{"do":{"status":500,"hang":true}}]"#, "/0/do"), (#"[{"do":{"delay":"soon"}}]"#, "/0/do/delay"),
        (#"[{"do":{"delay":-1}}]"#, "/0/do/delay"), (#"[{"do":{}}]"#, "/0/do"),
        (#"[{"do":{"accept":true}}]"#, "/0/do"),
        (#"[{"match":{"nth":0},"do":{"hang":true}}]"#, "/0/match/nth"),
        (#"[{"times":0,"do":{"hang":true}}]"#, "/0/times"),
        (#"[{"match":{"kind":"create"},"do":{"expire_links":true}}]"#, "/0"),
        (#"[{"do":{"fail":3}}]"#, "/0/do/fail"),
        (#"[{"do":{"expire_links":true,"unknown_status":true}}]"#, "/0"),
        (#"[{"match":{"prompt":"x"},"do":{"cut":"request"}}]"#, "/0"),
        (#"[{"match":{"body":{"model":"x"}},"do":{"cut":"request"}}]"#, "/0"),
        (#"[{"match":{"kind":"status","body":{"model":"x"}},"do":{"status":500}}]"#, "/0"),
        (#"[{"match":{"body":{}},"do":{"status":500}}]"#, "/0/match/body"),
        (#"[{"match":{"body":"x"},"do":{"status":500}}]"#, "/0/match/body"),
        (#"[{"match":{"kind":"status"},"do":{"cut":"request"}}]"#, "/0"),
        (#"[{"do":{"redirect":"/x","cut":"after"}}]"#, "/0/do"),
        (#"[{"do":{"redirect":""}}]"#, "/0/do/redirect"), (#"[{"do":{"flood":0}}]"#, "/0/do/flood"),
        (#"[{"do":{"fail":{"reason":"x"}}}]"#, "/0/do/fail/reason"),
        (#"[{"match":{"kind":"poll"},"do":{"hang":true}}]"#, "/0/match/kind"),
    ])
    func `a script that says something else is 422 and names the place`(
        _ script: String, _ pointer: String
    ) throws {
        var bench = try ProviderOnTheBench()
        try bench.obey(#"[{"do":{"status":500}}]"#)
        let answer = bench.ask("POST", "/_simulator/script", Array(script.utf8))
        #expect(answer.status == 422)
        #expect(answer.json["error"]?["param"]?.string == pointer)
        // The script before it stays in force.
        #expect(bench.create().status == 500)
    }

    @Test func `a script that is no JSON is 400`() throws {
        var bench = try ProviderOnTheBench()
        #expect(bench.ask("POST", "/_simulator/script", Array("[{]".utf8)).status == 400)
        #expect(throws: ScriptError.self) { try ProviderOnTheBench(script: "[1]") }
    }
}
