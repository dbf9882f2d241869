import Gateway
import GatewayAPI
import GatewayFakes
import HTTPServing
import JSONText
import Testing
import VideoJobs

@Suite struct TaskEndpointTests {
    let api: APIHarness

    init() throws { api = try APIHarness() }

    @Test
    func `a cached task is a response in the same turn, also by provider task id, without a provider call`()
        throws
    {
        let id = try #require(try api.submit().task)
        for name in [id, "provider-\(id)"] {
            #expect(api.respondsAtOnce(.get("/v1/tasks/\(name)")))
            #expect(api.respondsAtOnce(.head("/v1/tasks/\(name)")))
            let response = try api.ask(.get("/v1/tasks/\(name)"))
            #expect(response.status == 200)
            #expect(response.task == id)
            #expect(response["Cache-Control"] == "private, no-cache")
        }
        #expect(api.provider.polled.isEmpty)
    }

    @Test func `a task that is not in the cache comes from the store`() throws {
        let id = try #require(try api.submit().task)
        api.provider.report(.report(ProviderReport(.failed)))
        api.world.pass(.seconds(20))
        api.world.restart()
        #expect(!api.respondsAtOnce(.get("/v1/tasks/\(id)")))
        #expect(try api.ask(.get("/v1/tasks/\(id)")).state == "failed")
        #expect(api.respondsAtOnce(.get("/v1/tasks/\(id)")))
    }

    @Test func `a client that has the newest version gets 304`() throws {
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        let tag = try #require(try api.ask(.get(path))["ETag"])
        for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let response = try api.ask(.get(path, ["If-None-Match": known]))
            #expect(response.status == 304)
            #expect(response["ETag"] == tag)
            #expect(response.text.isEmpty)
        }
        #expect(try api.ask(.get(path, ["If-None-Match": "\"0\""])).status == 200)
        api.world.pass(.seconds(20))
        #expect(try api.ask(.get(path, ["If-None-Match": tag])).status == 200)
    }

    @Test func `the queue position is part of the version`() throws {
        let api = try busy()
        let waiting = try #require(try api.submit(["Prefer": "respond-async"]).task)
        let last = try #require(try api.submit(["Prefer": "respond-async"]).task)
        let before = try api.ask(.get("/v1/tasks/\(last)"))
        #expect(before.json?["gateway"]?["queue_position"]?.integer == 2)
        #expect(before.json?["task_info"]?["can_cancel"]?.bool == true)
        _ = try api.ask(.post("/v1/tasks/\(waiting)/cancel"))
        let after = try api.ask(.get("/v1/tasks/\(last)"))
        #expect(after.json?["gateway"]?["queue_position"]?.integer == 1)
        #expect(after["ETag"] != before["ETag"])
    }

    @Test func `wait returns at the next change`() throws {
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        let tag = try #require(try api.ask(.get(path))["ETag"])
        let asked = api.start(.get("\(path)?wait=30", ["If-None-Match": tag]))
        let preferred = api.start(.get(path, ["Prefer": "wait=30"]))
        #expect(asked.result == nil && preferred.result == nil)
        api.world.pass(.seconds(20))
        #expect(asked.result?.status == 200)
        #expect(asked.result?.json?["progress"]?.integer == 10)
        #expect(preferred.result?["Preference-Applied"] == "wait=30")
        #expect(preferred.result?.text == asked.result?.text)
    }

    @Test func `wait ends with its time: 304 for a client that knows the version, 200 for others`() throws {
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        let tag = try #require(try api.ask(.get(path))["ETag"])
        let knows = api.start(.get("\(path)?wait=1", ["If-None-Match": tag]))
        let asks = api.start(.get("\(path)?wait=1"))
        api.world.pass(.milliseconds(999))
        #expect(knows.result == nil && asks.result == nil)
        api.world.pass(.milliseconds(1))
        #expect(knows.result?.status == 304)
        #expect(asks.result?.status == 200)
    }

    @Test func `a client with an older version, or of an ended task, does not wait`() throws {
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        #expect(try api.ask(.get("\(path)?wait=30", ["If-None-Match": "\"1\""])).status == 200)
        #expect(try api.ask(.get("\(path)?wait=0")).status == 200)
        api.provider.report(.report(ProviderReport(.failed)))
        api.world.pass(.seconds(20))
        let tag = try #require(try api.ask(.get("\(path)?wait=30"))["ETag"])
        #expect(try api.ask(.get("\(path)?wait=30", ["If-None-Match": tag])).status == 304)
    }

    @Test func `wait follows an uncertain task, which can come back`() throws {
        api.provider.respond(with: .unknown(LostReply("cut", bytesSent: 9, status: 502)))
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        let waiting = api.start(.get("\(path)?wait=60"))
        #expect(waiting.result == nil)
        _ = try api.ask(.post("\(path)/dismiss"))
        #expect(waiting.result?.state == "failed")
    }

    @Test func `at the limit of streams a wait is 503, and a POST does not wait`() throws {
        var settings = GatewaySettings()
        settings.streamsMax = 1
        let api = try APIHarness(gateway: settings)
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        let waiting = api.start(.get("\(path)?wait=60"))
        let response = try api.ask(.get("\(path)?wait=60"))
        #expect(response.verdict == "503 too_many_streams -")
        #expect(response["Retry-After"] == "5")
        let submitted = try api.submit(["Prefer": "wait=60"])
        #expect(submitted.status == 202)
        #expect(submitted["Location"] != nil && submitted["Retry-After"] != nil)
        api.world.pass(.seconds(60))
        #expect(waiting.result?.status == 200)
        #expect(api.world.gateway.streamLimiter.count == 0)
    }

    @Test func `a gateway that stops ends a wait with the current state`() throws {
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        let waiting = api.start(.get("\(path)?wait=60"))
        api.world.gateway.beginStopping()
        api.world.executor.runUntilIdle()
        #expect(waiting.result?.state == "running")
    }

    @Test(arguments: [
        "wait=301", "wait=-1", "wait=", "wait=x", "wait=1&wait=1", "wiat=3", "wait=%zz", "wait=1.5",
    ])
    func `a bad wait is 400`(_ query: String) throws {
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        let response = try api.ask(.get("\(path)?\(query)"))
        #expect(response.verdict == "400 bad_request -")
    }

    @Test(arguments: [
        TestRequest.get("/v1/tasks/none"), .get("/v1/tasks/none?wait=9"), .get("/v1/tasks/none/content"),
        .post("/v1/tasks/none/cancel"), .post("/v1/tasks/none/dismiss"),
        .post("/v1/tasks/none/resubmit", "{}"),
        .post("/v1/tasks/none/adopt", #"{"provider_task_id":"x"}"#), .get("/v1/tasks/"),
        .get("/v1/tasks/a/b"), .get("/v1/models/none"),
        .get("/nothing"), .post("/nothing", "{}"), .get("/metric"), .get("/v1/usages"),
        .get("/openapi.yaml"),
        .post("/v1/videos/quotes", "{}"), .get("/v1/tasks/none/events"),
    ])
    func `a missing resource is 404`(_ request: TestRequest) throws {
        #expect(try api.ask(request).verdict == "404 not_found -")
    }

    @Test(arguments: [
        (TestRequest.get("/v1/videos/generations"), "OPTIONS, POST"),
        (.post("/v1/tasks"), "GET, HEAD, OPTIONS"),
        (.other("DELETE", "/v1/tasks/x"), "GET, HEAD, OPTIONS"),
        (.get("/v1/tasks/x/cancel"), "OPTIONS, POST"), (.get("/v1/tasks/x/adopt"), "OPTIONS, POST"),
        (.other("PUT", "/v1/tasks/x/dismiss"), "OPTIONS, POST"),
        (.other("DELETE", "/v1/tasks/x/resubmit"), "OPTIONS, POST"),
        (.post("/v1/models", "{}"), "GET, HEAD, OPTIONS"), (.other("PUT", "/"), "GET, HEAD, OPTIONS"),
    ])
    func `another method is 405 with Allow`(_ request: TestRequest, _ allow: String) throws {
        let response = try api.ask(request)
        #expect(response.verdict == "405 method_not_allowed -")
        #expect(response["Allow"] == allow)
    }

    @Test(arguments: [
        TestRequest.get("/", ["Host": "evil.example"]), .get("/v1/models", ["Sec-Fetch-Site": "cross-site"]),
        .get("/v1/tasks", ["Origin": "null"]),
        .post("/v1/tasks/x/cancel", nil, ["Origin": "https://evil.example"]),
        .post("/v1/tasks/x/resubmit", nil, ["Origin": "https://evil.example"]),
        .post("/v1/tasks/x/dismiss", nil, ["Sec-Fetch-Site": "cross-site"]),
        .post("/v1/tasks/x/adopt", #"{"provider_task_id":"x"}"#, ["Host": "evil.example"]),
    ])
    func `a page of another origin is rejected everywhere`(_ request: TestRequest) throws {
        #expect(try api.ask(request).status == 403)
    }

    @Test func `a page of another origin cannot read a cached task`() throws {
        let path = "/v1/tasks/\(try #require(try api.submit().task))"
        #expect(try api.ask(.get(path, ["Host": "evil.example"])).verdict == "403 host_not_allowed -")
        #expect(try api.ask(.get(path, ["Sec-Fetch-Site": "cross-site"])).verdict == "403 cross_site -")
    }

    @Test func `a job that was not sent is cancelled; one that was is not`() throws {
        let api = try busy()
        let waiting = try #require(try api.submit(["Prefer": "respond-async"]).task)
        let response = try api.ask(.post("/v1/tasks/\(waiting)/cancel"))
        #expect(response.status == 200)
        #expect(response.json?["status"]?.string == "cancelled")
        let again = try api.ask(.post("/v1/tasks/\(waiting)/cancel"))
        #expect(again.verdict == "409 cannot_cancel -")
        let sent = try #require(api.provider.created.first)
        #expect(try api.ask(.post("/v1/tasks/\(sent)/cancel")).verdict == "409 cannot_cancel -")
        #expect(try api.ask(.post("/v1/tasks/\(sent)/cancel", "{}")).verdict == "409 cannot_cancel -")
        let form = ["Content-Type": "text/plain"]
        #expect(try api.ask(.post("/v1/tasks/\(sent)/cancel", "x", form)).status == 415)
        #expect(api.provider.created.count == 1)
    }

    /// A gateway whose only slot at the provider is taken.
    private func busy() throws -> APIHarness {
        var settings = GatewaySettings()
        settings.maxInFlight = 1
        let api = try APIHarness(gateway: settings)
        _ = try api.submit()
        return api
    }
}
