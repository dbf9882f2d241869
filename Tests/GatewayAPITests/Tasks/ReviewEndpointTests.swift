import Gateway
import GatewayFakes
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

@Suite struct ReviewEndpointTests {
    private let api: APIHarness

    init() throws { api = try APIHarness() }

    private func completedTask() throws -> String {
        let report = ProviderReport(.completed, links: ["https://cdn.example/1.mp4"])
        api.provider.report(.report(report))
        let task = try #require(try api.submit().task)
        api.world.pass(.seconds(20))
        #expect(try api.ask(.get("/v1/tasks/\(task)")).state == "completed")
        return task
    }

    private func review(_ task: String, _ body: String) throws -> TestResponse {
        try api.ask(.post("/v1/tasks/\(task)/review", body))
    }

    @Test func `a completed task is accepted or rejected, and a later review replaces the earlier`() throws {
        let task = try completedTask()
        #expect(try api.ask(.get("/v1/tasks/\(task)")).json?["gateway"]?["review"] == nil)
        for (body, verdict, note) in [
            (#"{"verdict":"accepted"}"#, "accepted", nil),
            (#"{"verdict":"rejected","note":"six fingers"}"#, "rejected", "six fingers"),
            (#"{"verdict":"rejected","note":"six fingers"}"#, "rejected", "six fingers"),
            (#"{"verdict":"accepted","note":null}"#, "accepted", nil),
        ] {
            let response = try review(task, body)
            #expect(response.status == 200)
            let shown = try api.ask(.get("/v1/tasks/\(task)")).json?["gateway"]?["review"]
            #expect(response.json?["gateway"]?["review"] == shown)
            #expect(shown?["verdict"]?.string == verdict)
            #expect(shown?["note"]?.string == note)
        }
        api.world.restart()
        let kept = try api.ask(.get("/v1/tasks/\(task)")).json?["gateway"]?["review"]
        #expect(kept?["verdict"]?.string == "accepted")
    }

    @Test func `a task that is not completed cannot be reviewed`() throws {
        let task = try #require(try api.submit().task)
        let response = try review(task, #"{"verdict":"accepted"}"#)
        #expect(response.verdict == "409 not_ready -")
        #expect(try review("none", #"{"verdict":"accepted"}"#).code == "not_found")
    }

    @Test(arguments: [
        "{}", "[]", #"{"verdict":"good"}"#, #"{"verdict":1}"#, #"{"verdict":"accepted","note":1}"#,
        #"{"verdict":"accepted","note":""}"#, #"{"verdict":"accepted","why":"x"}"#,
    ])
    func `another body is rejected`(_ body: String) throws {
        #expect(try review("none", body).verdict == "422 invalid_parameters -")
    }
}
