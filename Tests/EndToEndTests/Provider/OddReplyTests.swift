import Foundation
import JSONText
import ProcessTestSupport
import Testing

/// Providers that do not follow their documentation.
@Suite(.timeLimit(.minutes(3))) struct OddReplyTests {
    /// Returns a rule of a script: the response to a kind of call, with a JSON body.
    private func rule(_ kind: String, _ body: String, status: Int = 200, nth: Int? = nil) -> String {
        let quoted = String(decoding: JSONValue.string(body).serialized(), as: UTF8.self)
        let place = nth.map { #","nth":\#($0)"# } ?? ""
        return
            #"{"match":{"kind":"\#(kind)"\#(place)},"do":{"reply":{"status":\#(status),"body":\#(quoted)}}}"#
    }

    private func video(of id: String, at gateway: GatewayUnderTest) async throws -> JSONValue {
        let walked = try await gateway.follow(id) {
            ["completed", "failed"].contains($0["status"]?.string ?? "")
        }
        return try #require(walked.last)
    }

    /// Returns the warning about a task, a JSON line.
    private func warning(about id: String, from gateway: GatewayUnderTest) async throws -> String {
        let line = await gateway.program.errors.first {
            $0.contains(#""level":"warning""#) && $0.contains(#""task_id":"\#(id)""#)
        }
        return try #require(line)
    }

    private static let create = #""seed":18446744073709551615,"object":"x","object":"x","ratio":NaN"#

    @Test(arguments: [
        #"{"id":"{{task_id}}",\#(create)}"#, "\u{FEFF}{\"id\":\"{{task_id}}\",\"status\":\"pending\"}",
        #"{"code":0,"message":"success","data":{"id":"{{task_id}}","status":"submitted"}}"#,
        #"{"id":"{{task_id}}","note":"\ud800"} <!-- 3 ms -->"#,
    ])
    func `a create with an unusual response runs under its id, and an unusual task completes`(
        _ body: String
    ) async throws {
        let fixture = try await EndToEndFixture()
        let finished = #""status":"COMPLETED","results":[{"url":"{{result_url}}"}]"#
        // The result's link is empty until the task has ended, and a few such polls would fail the task.
        let running = rule("status", #"{"id":"{{task_id}}","status":"processing"}"#)
        try await fixture.script("[\(rule("create", body)),\(running)]")
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        let providerTaskID = try #require(
            try await fixture.ledger()["entries"]?.array?.first?["task_id"]?.string)
        #expect(try await gateway.task(id)["gateway"]?["provider_task_id"]?.string == providerTaskID)
        try await fixture.advance("61m")
        try await fixture.script(
            "[\(rule("status", "\u{FEFF}{\"id\":\"{{task_id}}\",\(Self.create),\(finished)}"))]")
        let task = try await video(of: id, at: gateway)
        #expect(task["status"]?.string == "completed", "\(task)")
        #expect(try await fixture.ledger()["accepted"]?.integer == 1)
    }

    @Test(arguments: ["succeeded", "Success", " DONE ", "dreaming"])
    func `a finished task is archived for any status word`(_ word: String) async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        try await fixture.advance("61m")
        try await fixture.script(
            "[\(rule("status", #"{"id":"{{task_id}}","status":"\#(word)","results":["{{result_url}}"]}"#))]")
        #expect(try await video(of: id, at: gateway)["status"]?.string == "completed")
    }

    @Test(arguments: [
        ("canceled", "request_cancelled", ""), ("CANCELLED", "request_cancelled", ""),
        ("Error", "unsafe", #","error":{"code":"unsafe","message":"not allowed"}"#),
        ("dreaming", "unsafe", #","error":{"code":"unsafe","message":"not allowed"}"#),
    ])
    func `a task that ended without a video fails for any status word`(
        _ word: String, _ code: String, _ error: String
    ) async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        try await fixture.script(
            "[\(rule("status", #"{"id":"{{task_id}}","status":"\#(word)"\#(error)}"#))]")
        let id = try await gateway.accepted()
        let task = try await video(of: id, at: gateway)
        #expect(task["gateway"]?["state"]?.string == "failed" && task["status"]?.string == "failed")
        #expect(task["error"]?["code"]?.string == code)
        _ = try await warning(about: id, from: gateway)
    }

    @Test(arguments: [
        (200, #"{"error":{"message":"insufficient balance"}}"#, "insufficient balance"),
        (400, #"{"error":"account is frozen"}"#, "account is frozen"),
        (
            500, "<html><body><h1>Sorry, try https://a/b?token=1</h1></body></html>",
            "Sorry, try https://a/b?…"
        ),
        (200, #"{"id":"task-unified-1","status":"pend"#, "it mentions task-unified-1"),
    ])
    func `the message of the provider is in the evidence, the log and the response`(
        _ status: Int, _ body: String, _ said: String
    ) async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script("[\(rule("create", body, status: status))]")
        let gateway = try await fixture.gateway()
        let response = try await gateway.submit()
        #expect(response.status == 504, "\(response.text)")
        let problem = try response.json()
        #expect(problem["detail"]?.string?.contains(said) == true, "\(response.text)")
        let id = try #require(problem["task_id"]?.string)
        let task = try await gateway.task(id)
        #expect(task["gateway"]?["state"]?.string == "uncertain")
        #expect(task["gateway"]?["evidence"]?["words"]?.string?.contains(said) == true, "\(task)")
        let line = try await warning(about: id, from: gateway)
        #expect(line.contains(said), "\(line)")
    }

    @Test func `the evidence of a redirected create has its target`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(
            #"[{"match":{"kind":"create"},"do":{"redirect":"https://api.example/v1?key=abc","status":301}}]"#)
        let gateway = try await fixture.gateway()
        let response = try await gateway.submit()
        let expected = "Location: https://api.example/v1?… (does base_url name another host or scheme?)"
        #expect(response.status == 504 && response.text.contains(expected), "\(response.text)")
    }

    @Test(arguments: [
        #"{"error":{"message":"You exceeded your quota","type":"insufficient_quota"}}"#,
        #"{"error":{"message":"No quota","type":"t","code":"insufficient_quota"}}"#,
    ])
    func `429 with a quota code is a used-up account`(_ body: String) async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script("[\(rule("create", body, status: 429))]")
        let gateway = try await fixture.gateway()
        let response = try await gateway.submit()
        #expect(response.status == 503, "\(response.text)")
        #expect(try response.json()["error"]?["code"]?.string == "provider_quota_exhausted")
        let ready = try await Curl.get("\(gateway.url)/readyz")
        #expect(ready.status == 503 && ready.text.contains("provider_quota_exhausted"), "\(ready.text)")
    }

    @Test func `a fraction of a second in Retry-After is not ignored`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(
            #"[{"match":{"kind":"create","nth":1},"do":{"reply":{"status":429,"#
                + #""fields":{"Retry-After":"4.5"},"body":"busy"}}}]"#)
        let gateway = try await fixture.gateway()
        _ = try await gateway.submit(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        let line = try await gateway.program.line(of: \.errors, containing: "retry_seconds")
        #expect(line.contains(#""retry_seconds":5,"#), "\(line)")
    }
}
