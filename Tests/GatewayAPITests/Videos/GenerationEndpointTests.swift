import Gateway
import GatewayAPI
import GatewayFakes
import JSONText
import Testing
import VideoJobs

@Suite struct GenerationEndpointTests {
    let api: APIHarness

    init() throws { api = try APIHarness() }

    @Test func `an accepted job is 200 with its running task`() throws {
        let response = try api.submit()
        #expect(response.status == 200)
        #expect(response.state == "running")
        #expect(response["Content-Type"] == "application/json")
        #expect(response["Location"] == "\(APIHarness.publicURL)/v1/tasks/\(try #require(response.task))")
        #expect(response["x-should-retry"] == "false")
        #expect(response["Preference-Applied"] == nil)
        #expect(api.provider.payloads == [Array(APIHarness.job.utf8)])
    }

    @Test func `without a verdict in time the response is the pending task, and its POST continues`() throws {
        api.provider.hold()
        let asked = api.start(.post("/v1/videos/generations", APIHarness.job))
        api.world.pass(.milliseconds(14_999))
        #expect(asked.result == nil)
        api.world.pass(.milliseconds(1))
        let response = try #require(asked.result)
        #expect(response.status == 200)
        #expect(response.state == "sending")
        api.provider.release()
        api.world.pass(.zero)
        #expect(try api.ask(.get("/v1/tasks/\(try #require(response.task))")).state == "running")
        #expect(api.provider.created.count == 1)
    }

    @Test func `Server-Timing has the time of gateway and provider`() throws {
        api.provider.hold()
        let asked = api.start(.post("/v1/videos/generations", APIHarness.job))
        api.world.pass(.milliseconds(1500))
        api.provider.release()
        api.world.pass(.zero)
        #expect(try #require(asked.result)["Server-Timing"] == "gateway;dur=0.000, provider;dur=1500.000")
    }

    @Test func `respond-async is 202 as soon as the job is durable`() throws {
        api.provider.hold()
        let response = try api.submit(["Prefer": "respond-async"])
        #expect(response.status == 202)
        #expect(response["Preference-Applied"] == "respond-async")
        #expect(response["Retry-After"] != nil)
        #expect(response["Location"] == "\(APIHarness.publicURL)/v1/tasks/\(try #require(response.task))")
    }

    @Test func `wait=N is 200 when the task ends`() throws {
        api.provider.report(.report(ProviderReport(.completed, links: ["https://cdn.example/1.mp4"])))
        let asked = api.start(.post("/v1/videos/generations", APIHarness.job, ["Prefer": "wait=60"]))
        #expect(asked.result == nil)
        api.world.pass(.seconds(20))
        let response = try #require(asked.result)
        #expect(response.status == 200)
        #expect(response.state == "completed")
        #expect(response["Preference-Applied"] == "wait=60")
    }

    @Test func `wait=N is 202 when the time is over first, and at most 300 seconds`() throws {
        let asked = api.start(
            .post("/v1/videos/generations", APIHarness.job, ["Prefer": "wait=5, respond-async"]))
        let longest = api.start(.post("/v1/videos/generations", APIHarness.job, ["Prefer": "wait=9999"]))
        api.world.pass(.seconds(5))
        #expect(try #require(asked.result).status == 202)
        #expect(asked.result?["Preference-Applied"] == "wait=5")
        #expect(asked.result?["Retry-After"] != nil)
        api.world.pass(.seconds(294))
        #expect(longest.result == nil)
        api.world.pass(.seconds(1))
        #expect(longest.result?["Preference-Applied"] == "wait=300")
    }

    @Test func `a generation that fails later is 200 with the failed task`() throws {
        let failure = FailureReason(code: "generation_failed_no_content", message: "nothing came out")
        api.provider.report(.report(ProviderReport(.failed, failure: failure)))
        let asked = api.start(.post("/v1/videos/generations", APIHarness.job, ["Prefer": "wait=60"]))
        api.world.pass(.seconds(20))
        #expect(try #require(asked.result).status == 200)
        #expect(asked.result?.json?["error"]?["code"]?.string == "generation_failed_no_content")
    }

    @Test(arguments: [
        (SubmissionVerdict.unknown(LostReply("cut")), "504 outcome_unknown false"),
        (.refused(FailureReason(code: "x", message: "no", httpStatus: 422)), "422 provider_refused false"),
        (.refused(FailureReason(code: "x", message: "no", httpStatus: 404)), "502 provider_refused false"),
        (
            .notAccepted(.credentialsRejected, retryAfter: nil, message: "who"),
            "503 provider_credentials_rejected false"
        ),
        (
            .notAccepted(.quotaExhausted, retryAfter: nil, message: "pay"),
            "503 provider_quota_exhausted false"
        ),
    ])
    func `a verdict without a provider task is reported at once, with the task`(
        _ verdict: SubmissionVerdict, _ expected: String
    ) throws {
        api.provider.respond(with: verdict)
        let response = try api.submit()
        #expect(response.verdict == expected)
        #expect(response["Location"] == "\(APIHarness.publicURL)/v1/tasks/\(try #require(response.task))")
        #expect(api.provider.created.count == 1)
    }

    @Test func `an unreachable provider is 503 when submit_wait is over, and the job stays queued`() throws {
        let unreachable = SubmissionVerdict.notAccepted(
            .providerUnreachable, retryAfter: nil, message: "no route")
        for _ in 0..<50 { api.provider.respond(with: unreachable) }
        let asked = api.start(.post("/v1/videos/generations", APIHarness.job))
        #expect(asked.result == nil)
        api.world.pass(.seconds(15))
        let response = try #require(asked.result)
        #expect(response.verdict == "503 provider_unreachable false")
        #expect(response["Retry-After"] != nil)
        #expect(try api.ask(.get("/v1/tasks/\(try #require(response.task))")).state == "queued")
    }

    @Test func `behind a blocked account a job is durable and its response immediate`() throws {
        api.provider.respond(with: .notAccepted(.quotaExhausted, retryAfter: .seconds(120), message: "pay"))
        _ = try api.submit()
        let second = try api.submit()
        #expect(second.verdict == "503 provider_quota_exhausted false")
        #expect(try #require(second["Retry-After"].flatMap { Int($0) }) > 30)
        #expect(try api.submit(["Prefer": "respond-async"]).status == 202)
        #expect(try api.submit(["Prefer": "wait=30"]).verdict == "503 provider_quota_exhausted false")
        #expect(api.provider.created.count == 1)
        #expect(try api.ask(.get("/readyz")).verdict == "503 provider_quota_exhausted -")
    }

    @Test func `a job unlike the refused one is sent, and its success makes the gateway ready`() throws {
        let noChannel = SubmissionVerdict.notAccepted(
            .quotaExhausted, retryAfter: .seconds(120), message: "HTTP 402: not for this prompt")
        api.provider.respond(with: noChannel, toJobsWith: "woman")
        let refused = try api.submit()
        #expect(refused.verdict == "503 provider_quota_exhausted false")
        #expect(try #require(refused["Retry-After"].flatMap { Int($0) }) >= 120)
        #expect(try api.ask(.get("/readyz")).status == 503, "there is no other job to show it")
        let other = try api.submit(body: APIHarness.job.replacing("woman", with: "man"))
        #expect(other.status == 200)
        #expect(other.state == "running")
        #expect(try api.ask(.get("/readyz")).status == 200)
        let shown = try api.ask(.get("/v1/tasks/\(try #require(refused.task))")).json?["gateway"]?["waiting"]
        #expect(shown?["code"]?.string == "provider_quota_exhausted")
        #expect(shown?["message"]?.string == "HTTP 402: not for this prompt")
        let now = api.world.clock.now().seconds
        #expect(try #require(shown?["next"]?.integer) >= now + 120)
    }

    @Test func `a job that waits behind a refused one of its kind is reported as queued`() throws {
        let noChannel = SubmissionVerdict.notAccepted(
            .providerUnreachable, retryAfter: .seconds(600), message: "no channel")
        api.provider.respond(with: noChannel, toJobsWith: "woman")
        _ = api.start(.post("/v1/videos/generations", APIHarness.job))
        _ = try api.submit(body: APIHarness.job.replacing("woman", with: "man"))
        let asked = api.start(.post("/v1/videos/generations", APIHarness.job))
        api.world.pass(.seconds(15))
        let response = try #require(asked.result)
        #expect(response.status == 200)
        #expect(response.state == "queued")
        #expect(response.json?["gateway"]?["waiting"]?["code"]?.string == "provider_unreachable")
        #expect(api.provider.created.count == 2)
    }

    @Test func `the same job under the same key joins its task`() throws {
        let first = try api.submit(["Idempotency-Key": "k1"])
        let again = try api.submit(["Idempotency-Key": "\"k1\""])
        #expect(again.status == 200)
        #expect(again.task == first.task)
        #expect(again["Idempotent-Replayed"] == "true")
        #expect(first["Idempotent-Replayed"] == nil)
        #expect(api.provider.created.count == 1)
    }

    @Test func `a replay repeats the refusal`() throws {
        api.provider.respond(with: .refused(FailureReason(code: "x", message: "no", httpStatus: 400)))
        let first = try api.submit(["Idempotency-Key": "k1"])
        let again = try api.submit(["Idempotency-Key": "k1"])
        #expect(again.verdict == "400 provider_refused false")
        #expect(again.task == first.task)
        #expect(again["Idempotent-Replayed"] == "true")
    }

    @Test func `another job under the same key is 422`() throws {
        _ = try api.submit(["Idempotency-Key": "k1"])
        let other = APIHarness.job.replacing("woman", with: "man")
        let response = try api.submit(["Idempotency-Key": "k1"], body: other)
        #expect(response.verdict == "422 idempotency_key_reused -")
        #expect(api.provider.created.count == 1)
    }

    @Test(arguments: [
        ("{", [:], "400 malformed_json -"),
        ("", ["Content-Type": "application/json"], "400 malformed_json -"),
        (#"{"model":"veo-9","prompt":"x"}"#, [:], "422 unknown_model -"),
        (#"{"model":"veo-3.1-reference-to-video","propmt":"x"}"#, [:], "422 invalid_parameters -"),
        (APIHarness.job, ["Content-Type": "text/plain"], "415 unsupported_media_type -"),
        (
            APIHarness.job, ["Content-Type": "application/json; charset=latin1"],
            "415 unsupported_media_type -"
        ),
        (APIHarness.job, ["Content-Encoding": "gzip"], "415 unsupported_media_type -"),
        ("", [:], "415 unsupported_media_type -"),
        (APIHarness.job, ["Idempotency-Key": "a b"], "400 bad_request -"),
        (String(repeating: " ", count: 65537), [:], "413 body_too_large -"),
        (APIHarness.job, ["Host": "evil.example"], "403 host_not_allowed -"),
        (APIHarness.job, ["Origin": "https://evil.example"], "403 cross_site -"),
        (APIHarness.job, ["Sec-Fetch-Site": "cross-site"], "403 cross_site -"),
    ])
    func `an invalid request buys nothing`(
        _ body: String, _ fields: [String: String], _ expected: String
    ) throws {
        let response = try api.ask(.post("/v1/videos/generations", body.isEmpty ? nil : body, fields))
        #expect(response.verdict == expected)
        #expect(response["Content-Type"] == "application/problem+json")
        if response.status == 422 {
            #expect(response["Server-Timing"] == "gateway;dur=0.000, provider;dur=0.000")
        }
        #expect(response.json?["request_id"]?.string == "req-1")
        #expect(api.provider.created.isEmpty)
        #expect(try api.ask(.get("/v1/tasks")).json?["data"]?.array == [])
    }

    @Test func `a store that fails may still hold the job, so a blind second POST is forbidden`() throws {
        api.world.store.fail(with: .unavailable("the disk failed"))
        let response = try api.submit()
        #expect(response.verdict == "503 store_unavailable false")
        #expect(response["Retry-After"] != nil)
        #expect(response.task == nil)
    }

    @Test(arguments: [
        (#"{M,I,"prompt":"A garden"}"#, #"{ "prompt" : "\u0041 garden",I,M }"#, "200"),
        (#"{M,I,"prompt":"p"}"#, #"{M,I,"prompt":"P"}"#, "422"),
        (#"{M,I,"prompt":"é"}"#, #"{M,I,"prompt":"e\u0301"}"#, "422"),
    ]) func `a key identifies a job by its meaning`(_ one: String, _ other: String, _ status: String) throws {
        let bodies = [one, other].map {
            $0.replacing("M", with: #""model":"veo-3.1-reference-to-video""#)
                .replacing("I", with: #""reference_image_urls":["https://example.com/1.jpg"]"#)
        }
        let first = try api.submit(["Idempotency-Key": "k1"], body: bodies[0])
        try #require(first.status == 200, "\(first.verdict)")
        let again = try api.submit(["Idempotency-Key": "k1"], body: bodies[1])
        #expect("\(again.status)" == status)
        #expect(again["Idempotent-Replayed"] == (status == "200" ? "true" : nil))
        #expect(api.provider.payloads == [Array(bodies[0].utf8)])
    }

    @Test func `a store that fails may be tried again under an Idempotency-Key, which it holds too`() throws {
        api.world.store.fail(with: .unavailable("the disk failed"))
        let response = try api.submit(["Idempotency-Key": "k"])
        #expect(response.verdict == "503 store_unavailable -")
        #expect(response["Retry-After"] != nil)
    }

    @Test func `a full queue is 429, a draining gateway takes jobs, a closed one is 503`() throws {
        var settings = GatewaySettings()
        settings.queueMax = 0
        let full = try APIHarness(gateway: settings)
        #expect(try full.submit().verdict == "429 too_many_tasks -")
        api.world.gateway.beginStopping()
        let late = try api.submit()
        #expect(late.status == 200, "an accepted connection is served")
        #expect(try api.ask(.get("/v1/tasks/\(try #require(late.task))")).state == "queued")
        _ = api.world.run { await $0.stop(within: .zero) }
        #expect(try api.submit().verdict == "503 shutting_down -")
        #expect(try api.ask(.get("/readyz")).verdict == "503 shutting_down -")
        #expect(try api.ask(.get("/healthz")).status == 200)
    }

    @Test func `a client that hangs up changes nothing`() throws {
        api.provider.hold()
        let asked = api.start(.post("/v1/videos/generations", APIHarness.job))
        asked.cancel()
        api.world.pass(.zero)
        api.provider.release()
        api.world.pass(.zero)
        let id = try #require(api.provider.created.first)
        #expect(try api.ask(.get("/v1/tasks/\(id)")).state == "running")
        #expect(api.provider.created.count == 1)
    }
}
