import HTTPServing
import JSONText
import Simulator
import Testing

@Suite struct FaultScriptTests {
    @Test func `a scripted status has the provider's format and is not billed`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"match":{"kind":"create","nth":2},"do":{"status":429,"retry_after":7}}]"#)
        #expect(harness.create().status == 200)
        let response = harness.create()
        #expect(response.status == 429 && response.field("Retry-After") == "7")
        #expect(response.json["error"]?["type"] == "rate_limit_error")
        #expect(harness.create().status == 200)
        let ledger = harness.ledger()
        #expect(ledger["accepted"] == 2 && ledger["refused"] == 1)
        #expect(ledger["entries"]?.array?[1]["scripted"] == "status retry_after")
        #expect(ledger["script"]?.array == [["do": "status retry_after", "matched": 3, "acted": 1]])
    }

    @Test func `a rule without nth acts on every call until times is reached`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(
            #"[{"match":{"path":"/v1/videos"},"times":2,"do":{"status":503,"retry_after":"later"}}]"#)
        #expect([harness.create(), harness.create(), harness.create()].map(\.status) == [503, 503, 200])
    }

    @Test func `a rule for a prompt matches only its jobs and their tasks`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0)
        try harness.setScript(#"[{"match":{"kind":"status","prompt":"storm"},"do":{"status":500}}]"#)
        let calm = try harness.accepted()
        let storm = try harness.accepted(SimulatedProviderHarness.job(with: ["prompt": "a storm at sea"]))
        #expect(harness.status(calm).status == 200)
        #expect(harness.status(storm).status == 500)
    }

    @Test func `a rule for members of the body matches only those jobs`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(
            #"[{"match":{"body":{"resolution":"4k","seed":null}},"do":{"status":503}}]"#)
        #expect(harness.create().status == 200)
        #expect(harness.create(SimulatedProviderHarness.job(with: ["resolution": "720p"])).status == 200)
        #expect(harness.create(SimulatedProviderHarness.job(with: ["resolution": "4k"])).status == 503)
        #expect(
            harness.create(SimulatedProviderHarness.job(with: ["resolution": "4k", "seed": 1])).status == 422)
    }

    @Test(arguments: [("before", 0, 0), ("within", 1, 40), ("after", 1, 0)])
    func `the point of a cut determines whether the job is accepted`(
        _ cut: String, _ accepted: Int, _ bytes: Int
    ) throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"match":{"nth":1},"do":{"cut":"\#(cut)"}}]"#)
        let response = harness.create()
        #expect(response.response.cutAfter == bytes && response.delay == .zero)
        let entry = try #require(harness.ledger()["entries"]?.array?.first)
        #expect(harness.ledger()["accepted"] == .integer(Int64(accepted)))
        #expect(entry["status"] == .null)
        #expect((entry["task_id"] == .null) == (accepted == 0))
    }

    @Test func `a hanging call is accepted without a response`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"do":{"hang":true}}]"#)
        let response = harness.create()
        #expect(response.delay >= .seconds(60) && response.response.cutAfter == 0)
        #expect(harness.ledger()["accepted"] == 1)
    }

    @Test func `a delayed call is executed before the delay`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"do":{"delay":"250ms"}}]"#)
        let response = harness.create()
        #expect(
            response.delay == .milliseconds(250) && response.status == 200
                && response.response.cutAfter == nil)
        #expect(harness.ledger()["accepted"] == 1)
    }

    @Test(arguments: [(#"{"garbage":true}"#, 200, 1), (#"{"garbage":true,"status":502}"#, 502, 0)])
    func `garbage is not JSON`(_ actions: String, _ status: Int, _ accepted: Int64) throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript("[{\"do\":\(actions)}]")
        let response = harness.create()
        #expect(response.status == status && response.json == .null && !response.bytes.isEmpty)
        #expect(harness.ledger()["accepted"] == .integer(accepted))
    }

    @Test func `accept overrides the default of a status`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"do":{"status":502,"accept":true}}]"#)
        #expect(harness.create().status == 502)
        #expect(harness.ledger()["accepted"] == 1)
        try harness.setScript(#"[{"do":{"status":200,"accept":false}}]"#)
        let response = harness.create()
        #expect(response.status == 200 && response.json["id"] == nil)
        #expect(harness.ledger()["accepted"] == 1)
    }

    @Test func `a scripted acceptance still refuses an invalid job`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"do":{"cut":"after"}}]"#)
        let response = harness.create(SimulatedProviderHarness.job(with: ["duration": 9]))
        #expect(response.status == 422 && response.response.cutAfter == nil)
    }

    @Test func `a redirect has a Location and is not billed`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(
            #"""
            [{"match":{"nth":1},"do":{"redirect":"http://127.0.0.1:1/"}},
             {"do":{"redirect":"/x","status":308}}]
            """#
        )
        let first = harness.create()
        #expect(first.status == 307 && first.field("Location") == "http://127.0.0.1:1/")
        let second = harness.create()
        #expect(second.status == 308 && second.field("Location") == "/x")
        #expect(harness.ledger()["accepted"] == 0)
    }

    @Test func `a response can be throttled, padded, or the last of its connection`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(
            #"""
            [{"match":{"nth":1},"do":{"byte_delay":"2ms"}},{"match":{"nth":2},"do":{"padding":1073741824}},
             {"match":{"nth":3},"do":{"close":true}}]
            """#)
        #expect(harness.create().response.throttle == ThrottledBody(chunkSize: 1, delay: .milliseconds(2)))
        #expect(harness.create().response.throttle?.padding == 1 << 30)
        let last = harness.create()
        #expect(last.response.closes && last.response.throttle == nil)
        #expect(harness.create().response.closes == false)
        #expect(harness.ledger()["accepted"] == 4)
    }

    @Test func `the earlier names of byte_delay and padding are accepted`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"match":{"nth":1},"do":{"drip":"2ms"}},{"do":{"flood":7}}]"#)
        #expect(harness.create().response.throttle == ThrottledBody(chunkSize: 1, delay: .milliseconds(2)))
        #expect(harness.create().response.throttle?.padding == 7)
    }

    @Test func `a generation can fail at its end or immediately`() throws {
        var harness = try SimulatedProviderHarness(seconds: 10)
        try harness.setScript(#"[{"match":{"nth":1},"do":{"fail":"content_policy_violation"}}]"#)
        let failing = try harness.accepted()
        let other = try harness.accepted()
        harness.wait(5)
        #expect(harness.status(failing).json["status"] == "processing")
        try harness.setScript(
            #"[{"match":{"kind":"status"},"do":{"fail":{"code":"service_error","message":"m"}}}]"#)
        #expect(harness.status(other).json["error"] == ["code": "service_error", "message": "m"])
        try harness.setScript("[]")
        harness.wait(5)
        #expect(harness.status(failing).json["status"] == "failed")
        #expect(harness.status(other).json["error"]?["code"] == "service_error")
    }

    @Test func `statuses can be unknown or premature for some polls`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0)
        let id = try harness.accepted()
        try harness.setScript(
            #"""
            [{"match":{"nth":1},"do":{"unknown_status":true}},
             {"match":{"nth":2},"do":{"completed_without_results":true}}]
            """#
        )
        let unknown = harness.status(id).json
        #expect(unknown["status"] == "dreaming" && unknown["results"] == .null)
        let premature = harness.status(id).json
        #expect(
            premature["status"] == "completed" && premature["progress"] == 50 && premature["results"] == .null
        )
        #expect(harness.status(id).json["results"]?.array?.count == 1)
    }

    @Test func `links can expire early, and videos can be cut or short`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0)
        let id = try harness.accepted()
        let link = try harness.link(id)
        let complete = harness.ask("GET", link).bytes
        try harness.setScript(
            #"""
            [{"match":{"nth":1},"do":{"expire_links":true}},
             {"match":{"nth":2},"do":{"truncate_content":true}},
             {"match":{"nth":3},"do":{"truncate_content":"short"}}]
            """#)
        #expect(harness.ask("GET", link).status == 403)
        let cut = harness.ask("GET", link)
        #expect(cut.bytes == complete && cut.response.cutAfter == (complete.count + 1) / 2)
        let short = harness.ask("GET", link)
        #expect(short.bytes.count == complete.count / 2 && short.response.cutAfter == nil)
    }

    @Test func `the first due rule acts and every matching rule counts`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(
            #"[{"match":{"nth":1},"do":{"status":500}},{"match":{"nth":2},"do":{"status":402}}]"#)
        #expect([harness.create(), harness.create(), harness.create()].map(\.status) == [500, 402, 200])
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
        (#"[{"do":{"redirect":""}}]"#, "/0/do/redirect"), (#"[{"do":{"padding":0}}]"#, "/0/do/padding"),
        (#"[{"do":{"fail":{"reason":"x"}}}]"#, "/0/do/fail/reason"),
        (#"[{"match":{"kind":"poll"},"do":{"hang":true}}]"#, "/0/match/kind"),
    ])
    func `an invalid script is 422 with the location`(
        _ script: String, _ pointer: String
    ) throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"do":{"status":500}}]"#)
        let response = harness.ask("POST", "/_simulator/script", Array(script.utf8))
        #expect(response.status == 422)
        #expect(response.json["error"]?["param"]?.string == pointer)
        // The previous script stays in effect.
        #expect(harness.create().status == 500)
    }

    @Test func `a script that is not JSON is 400`() throws {
        var harness = try SimulatedProviderHarness()
        #expect(harness.ask("POST", "/_simulator/script", Array("[{]".utf8)).status == 400)
        #expect(throws: ScriptError.self) { try SimulatedProviderHarness(script: "[1]") }
    }
}
