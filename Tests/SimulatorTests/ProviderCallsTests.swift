import HTTPServing
import JSONText
import Simulator
import Testing

@Suite struct ProviderCallsTests {
    @Test func `a create returns the provider's task object`() throws {
        var harness = try SimulatedProviderHarness(seconds: 45)
        let response = harness.create()
        #expect(response.status == 200)
        let names = response.json.object?.members.map(\.name)
        #expect(
            names == ["created", "id", "model", "object", "progress", "status", "task_info", "type"])
        #expect(response.json["created"] == 1_757_165_031)
        #expect(response.json["id"]?.string?.hasPrefix("task-unified-1757165031-") == true)
        #expect(response.json["object"] == "video.generation.task")
        #expect(response.json["status"] == "pending")
        #expect(response.json["task_info"] == ["can_cancel": true, "estimated_time": 45])
        #expect(response.json["type"] == "video")
    }

    @Test(arguments: ["POST /v1/videos/generations", "GET /v1/tasks/task-unified-1-abcdefgh"])
    func `a call without a key is refused in the provider's format`(_ call: String) throws {
        var harness = try SimulatedProviderHarness()
        let parts = call.split(separator: " ").map(String.init)
        let response = harness.ask(parts[0], parts[1], SimulatedProviderHarness.job.serialized(), key: nil)
        #expect(response.status == 401)
        #expect(response.json["error"]?["type"] == "authentication_error")
        #expect(harness.ask(parts[0], parts[1], [], key: "").status == 401)
        #expect(harness.ledger()["accepted"] == 0)
    }

    @Test func `a task is pending, progresses, and completes with a link to a video`() throws {
        var harness = try SimulatedProviderHarness(seconds: 100)
        let id = try harness.accepted()
        #expect(harness.status(id).json["status"] == "pending")
        var last: Int64 = 0
        for _ in 0..<9 {
            harness.wait(10)
            let report = harness.status(id).json
            #expect(report["status"] == "processing")
            let progress = try #require(report["progress"]?.integer)
            #expect(progress > last && progress < 100)
            last = progress
        }
        harness.wait(10)
        let end = harness.status(id).json
        #expect(end["status"] == "completed" && end["progress"] == 100)
        let link = try harness.link(id)
        let video = harness.ask("GET", link, key: nil)
        #expect(video.status == 200 && video.field("Content-Type") == "video/mp4")
        #expect(Array(video.bytes[4..<8]) == Array("ftyp".utf8))
    }

    @Test func `an unknown task is a 404 in the provider's format`() throws {
        var harness = try SimulatedProviderHarness()
        let response = harness.status("task-unified-1-zzzzzzzz")
        #expect(response.status == 404 && response.errorCode == "task_not_found")
    }

    @Test func `a portrait job gets the portrait video`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0)
        let wide = try harness.accepted()
        let tall = try harness.accepted(SimulatedProviderHarness.job(with: ["aspect_ratio": "9:16"]))
        let wideLink = try harness.link(wide)
        let tallLink = try harness.link(tall)
        #expect(harness.ask("GET", wideLink).bytes != harness.ask("GET", tallLink).bytes)
    }

    @Test func `a result link expires after 24 hours and needs its signature`() throws {
        var harness = try SimulatedProviderHarness(seconds: 10)
        let id = try harness.accepted()
        harness.wait(10)
        let link = try harness.link(id)
        #expect(harness.ask("GET", String(link.dropLast()) + "_").status == 403)
        #expect(harness.ask("GET", String(link.prefix { $0 != "?" })).status == 403)
        harness.wait(24 * 3600 - 1)
        #expect(harness.ask("GET", link).status == 200)
        harness.wait(1)
        #expect(harness.ask("GET", link).status == 403)
        #expect(harness.status(id).json["status"] == "completed")
    }

    @Test func `an unfinished task has no result`() throws {
        var harness = try SimulatedProviderHarness(seconds: 10)
        let id = try harness.accepted()
        #expect(harness.ask("GET", "/results/\(id).mp4?expires=1&signature=2").status == 404)
    }

    @Test func `unknown paths and wrong methods are refused in the provider's format`() throws {
        var harness = try SimulatedProviderHarness()
        #expect(harness.ask("GET", "/v2/videos").errorCode == "not_found")
        let response = harness.ask("GET", "/v1/videos/generations")
        #expect(response.status == 405 && response.field("Allow") == "POST")
        #expect(harness.ask("DELETE", "/v1/tasks/task-unified-1-abcdefgh").status == 405)
    }
}
