import Gateway
import GatewayFakes
import Testing
import VideoJobs

/// What clients and operators hear while a restored store keeps submission paused.
@Suite struct ResumeTests {
    let api: APIWorld
    private let path = "/v1/submission/resume"
    private let reason = #"{"reason":"older_store"}"#

    init() throws { api = try APIWorld() }

    private func pause() {
        let store = api.world.store
        _ = api.world.executor.start { try? await store.setRestoration(.paused, raisingSequenceTo: 0) }
        api.world.restart()
    }

    @Test func `a job is durable, waits, and its client is told why and where to look`() throws {
        pause()
        let answer = try api.submit()
        #expect(answer.verdict == "503 store_restored false")
        #expect(answer["Retry-After"] != nil)
        let id = try #require(answer.task)
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

    @Test func `where nothing is paused there is nothing to resume`() throws {
        #expect(try api.ask(.post(path, reason)).verdict == "409 not_paused -")
    }

    @Test(arguments: [
        "{}", "[]", #"{"reason":"spend"}"#, #"{"reason":7}"#, #"{"reason":"older_store","force":true}"#,
    ])
    func `a pause ends only by its name`(_ body: String) throws {
        pause()
        #expect(try api.ask(.post(path, body)).verdict == "422 invalid_parameters -")
        #expect(try api.ask(.post(path, "{")).verdict == "400 malformed_json -")
        #expect(try api.ask(.post(path, reason, ["Content-Type": "text/plain"])).status == 415)
        #expect(try api.ask(.get(path)).verdict == "405 method_not_allowed -")
        #expect(try api.ask(.get("/readyz")).verdict == "503 store_restored -")
    }
}
