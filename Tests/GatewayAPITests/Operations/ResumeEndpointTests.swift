import Gateway
import GatewayFakes
import Testing
import VideoJobs

/// Responses to clients and operators while a restored store keeps submission paused.
@Suite struct ResumeEndpointTests {
    let api: APIHarness
    private let path = "/v1/submission/resume"
    private let reason = #"{"reason":"older_store"}"#

    init() throws { api = try APIHarness() }

    private func pause() {
        let store = api.world.store
        _ = api.world.executor.start { try? await store.setRestoration(.paused, raisingSequenceTo: 0) }
        api.world.restart()
    }

    @Test func `a job is durable and waits, and its response says why`() throws {
        pause()
        let response = try api.submit()
        #expect(response.verdict == "503 store_restored false")
        #expect(response["Retry-After"] != nil)
        let id = try #require(response.task)
        #expect(try api.ask(.get("/v1/tasks/\(id)")).state == "queued")
        #expect(try api.submit(["Prefer": "respond-async"]).status == 202)
        #expect(try api.submit(["Prefer": "wait=30"]).verdict == "503 store_restored false")
        #expect(try api.ask(.get("/readyz")).verdict == "503 store_restored -")
        #expect(api.provider.created.isEmpty)

        let resumed = try api.ask(.post(path, reason))
        #expect(resumed.status == 200)
        #expect(resumed.text.contains("idempotency keys newer than the backup are lost"))
        #expect(try api.ask(.get("/readyz")).status == 200)
        #expect(api.provider.created.count == 3)
        #expect(try api.ask(.get("/v1/tasks/\(id)")).state == "running")
    }

    @Test func `resuming without a pause is 409`() throws {
        #expect(try api.ask(.post(path, reason)).verdict == "409 not_paused -")
        #expect(try api.ask(.post(path, #"{"reason":"spend"}"#)).verdict == "409 not_paused -")
    }

    @Test func `a reset of the day's spend ceiling admits jobs again, and the details show the ceiling`()
        throws
    {
        let gateway = api.world.gateway
        gateway.replaceCeilings(with: SpendCeilings(day: 0))
        #expect(try api.submit().verdict == "402 spend_ceiling -")
        gateway.replaceCeilings(with: SpendCeilings(day: 1))
        #expect(try api.ask(.get("/readyz?verbose")).text == #"{"status":"ready"}"#)
        gateway.replaceCeilings(with: SpendCeilings(day: 0))
        #expect(try api.ask(.get("/readyz?verbose")).text.contains(#""code":"spend_ceiling""#))
        #expect(try api.ask(.get("/readyz")).text == #"{"status":"ready"}"#)
        #expect(try api.ask(.post(path, #"{"reason":"spend"}"#)).status == 200)
    }

    @Test(arguments: [
        "{}", "[]", #"{"reason":"money"}"#, #"{"reason":7}"#, #"{"reason":"older_store","force":true}"#,
    ])
    func `a pause ends only by its reason`(_ body: String) throws {
        pause()
        #expect(try api.ask(.post(path, body)).verdict == "422 invalid_parameters -")
        #expect(try api.ask(.post(path, "{")).verdict == "400 malformed_json -")
        #expect(try api.ask(.post(path, reason, ["Content-Type": "text/plain"])).status == 415)
        #expect(try api.ask(.get(path)).verdict == "405 method_not_allowed -")
        #expect(try api.ask(.get("/readyz")).verdict == "503 store_restored -")
    }
}
