import Gateway
import GatewayFakes
import JSONText
import Testing
import VideoJobs

/// The endpoints that settle an uncertain task.
@Suite struct SettlementEndpointTests {
    let api: APIHarness
    /// A task whose reply was lost.
    let id: String

    init() throws {
        api = try APIHarness()
        api.provider.respond(with: .unknown(LostReply("cut", bytesSent: 9, status: 502)))
        id = try #require(try api.submit().task)
    }

    private func settle(
        _ call: String, _ body: String? = nil, _ fields: [String: String] = [:]
    ) -> TestRequest {
        .post("/v1/tasks/\(id)/\(call)", body, fields)
    }

    private func adopt(_ providerTaskID: String = "x-1") -> TestRequest {
        settle("adopt", #"{"provider_task_id":"\#(providerTaskID)"}"#)
    }

    @Test func `an adopted task is 200, running, and found by the provider's id`() throws {
        let response = try api.ask(adopt())
        #expect(response.verdict == "200 - -")
        #expect(response.task == id && response.state == "running")
        #expect(response.json?["error"] == .null)
        #expect(response.json?["gateway"]?["evidence"] == .null)
        #expect(try api.ask(.get("/v1/tasks/x-1")).task == id)
        #expect(api.provider.created.count == 1)
    }

    @Test(arguments: [nil, "{}"]) func `a dismissed task is 200 and has failed`(_ body: String?) throws {
        let response = try api.ask(settle("dismiss", body))
        #expect(response.verdict == "200 dismissed -")
        #expect(response.state == "failed")
    }

    @Test(arguments: [nil, " { } "]) func `a resubmitted task is 200 and forbids a retry`(
        _ body: String?
    ) throws {
        let response = try api.ask(settle("resubmit", body))
        #expect(response.verdict == "200 - false")
        #expect(try api.ask(.get("/v1/tasks/\(id)")).state == "running")
        #expect(api.provider.created.count == 2)
    }

    @Test func `a task that is not uncertain is 409 with its state`() throws {
        _ = try api.ask(adopt())
        for (ask, verdict) in [
            (adopt("y"), "409 not_uncertain -"), (settle("dismiss"), "409 not_uncertain -"),
            (settle("resubmit"), "409 not_uncertain false"),
        ] {
            let response = try api.ask(ask)
            #expect(response.verdict == verdict)
            #expect(response.json?["detail"]?.string?.contains("running, the provider's task x-1") == true)
            #expect(response.task == id)
        }
        #expect(api.provider.created.count == 1)
    }

    @Test func `a provider task of another task is 409 and names that task`() throws {
        let other = try #require(try api.submit().task)
        let response = try api.ask(adopt("provider-\(other)"))
        #expect(response.verdict == "409 provider_task_taken -")
        #expect(response.json?["detail"]?.string?.contains(other) == true)
        #expect(response.json?["errors"]?.array?.first?["pointer"]?.string == "/provider_task_id")
    }

    @Test func `a task unknown to the provider is 422, and no information 503`() throws {
        api.provider.report(
            .notKnown(message: "HTTP 404: no such task"), .unavailable(message: "down", retryAfter: nil),
            .unavailable(message: "busy", retryAfter: .seconds(7)), .credentialsRejected(message: "HTTP 401"))
        let unknown = try api.ask(adopt("nonsense"))
        #expect(unknown.verdict == "422 unknown_provider_task -")
        #expect(
            unknown.json?["detail"]?.string?.hasPrefix("the provider does not know this task") == true)
        #expect(unknown.json?["error"]?["param"]?.string == "provider_task_id")
        for (verdict, wait) in [
            ("503 provider_unreachable -", "10"), ("503 provider_unreachable -", "7"),
            ("503 provider_credentials_rejected -", "10"),
        ] {
            let response = try api.ask(adopt())
            #expect(response.verdict == verdict)
            #expect(response["Retry-After"] == wait)
            #expect(response.task == nil, "the gateway does not keep it to adopt it later")
        }
        #expect(try api.ask(.get("/v1/tasks/\(id)")).state == "uncertain")
    }

    @Test(arguments: [
        ("adopt", "{}", "/provider_task_id required"),
        ("adopt", #"{"provider_task_id":7}"#, "/provider_task_id wrong_type"),
        ("adopt", #"{"provider_task_id":""}"#, "/provider_task_id not_allowed"),
        ("adopt", #"{"provider_task_id":"a b"}"#, "/provider_task_id not_allowed"),
        ("adopt", #"{"provider_task_id":"\u0007"}"#, "/provider_task_id not_allowed"),
        ("adopt", #"{"provider_task_id":"x","a/b":1}"#, "/a~1b unknown_field"),
        (
            "adopt", #"{"provider-task-id":"x"}"#,
            "/provider-task-id unknown_field, /provider_task_id required"
        ),
        ("adopt", "[]", " wrong_type"), ("dismiss", "null", " wrong_type"),
        ("dismiss", #"{"provider_task_id":"x"}"#, "/provider_task_id unknown_field"),
        ("resubmit", #"{"force":true}"#, "/force unknown_field"),
    ])
    func `a body is read as strictly as a job`(_ call: String, _ body: String, _ faults: String) throws {
        let response = try api.ask(settle(call, body))
        #expect(response.verdict == "422 invalid_parameters -")
        let found = (response.json?["errors"]?.array ?? []).map {
            "\($0["pointer"]?.string ?? "-") \($0["code"]?.string ?? "-")"
        }
        #expect(found.joined(separator: ", ") == faults)
        try expectUntouched()
    }

    @Test func `a misspelt member has a hint, and an id has at most 256 bytes`() throws {
        let misspelt = try api.ask(settle("adopt", #"{"provider_taskid":"x"}"#))
        #expect(
            misspelt.json?["errors"]?.array?.first?["hint"]?.string == "did you mean provider_task_id?")
        let long = String(repeating: "x", count: 256)
        #expect(try api.ask(adopt(long + "x")).status == 422)
        try expectUntouched()
        #expect(try api.ask(adopt(long)).status == 200)
    }

    @Test func `an invalid or too large body is rejected before anything is done`() throws {
        let twice = #"{"provider_task_id":"x","provider_task_id":"y"}"#
        #expect(try api.ask(settle("adopt", twice)).verdict == "400 malformed_json -")
        #expect(try api.ask(settle("resubmit", "{")).verdict == "400 malformed_json -")
        let form = ["Content-Type": "text/plain"]
        for call in ["adopt", "dismiss", "resubmit"] {
            #expect(try api.ask(settle(call, "{}", form)).status == 415)
            // A proxy joins two lines this way: which one counts is unknown.
            let both = ["Content-Type": "application/json, text/plain"]
            #expect(try api.ask(settle(call, "{}", both)).verdict == "400 bad_request -")
            let long = "{\"x\":\"\(String(repeating: "x", count: 70_000))\"}"
            #expect(try api.ask(settle(call, long)).status == 413)
        }
        #expect(try api.ask(settle("adopt")).status == 415)
        try expectUntouched()
    }

    @Test func `a failing store is 503, and only a resubmission forbids a retry`() throws {
        api.world.store.fail(with: .full("the disk is full"))
        #expect(try api.ask(adopt()).verdict == "503 store_unavailable -")
        #expect(try api.ask(settle("dismiss")).verdict == "503 store_unavailable -")
        #expect(try api.ask(settle("resubmit")).verdict == "503 store_unavailable false")
        api.world.store.fail(with: nil)
        try expectUntouched()
    }

    /// Expects an unchanged task and no provider call.
    private func expectUntouched(_ location: SourceLocation = #_sourceLocation) throws {
        #expect(try api.ask(.get("/v1/tasks/\(id)")).state == "uncertain", sourceLocation: location)
        #expect(api.provider.created.count == 1, sourceLocation: location)
        #expect(api.provider.polled.isEmpty, sourceLocation: location)
    }
}
