import HTTPServing
import JSONText
import Simulator
import Testing

@Suite struct ProviderCallsTests {
    @Test func `a create answers the task as the provider message it`() throws {
        var bench = try ProviderOnTheBench(seconds: 45)
        let answer = bench.create()
        #expect(answer.status == 200)
        let names = answer.json.object?.members.map(\.name)
        #expect(
            names == ["created", "id", "model", "object", "progress", "status", "task_info", "type"])
        #expect(answer.json["created"] == 1_757_165_031)
        #expect(answer.json["id"]?.string?.hasPrefix("task-unified-1757165031-") == true)
        #expect(answer.json["object"] == "video.generation.task")
        #expect(answer.json["status"] == "pending")
        #expect(answer.json["task_info"] == ["can_cancel": true, "estimated_time": 45])
        #expect(answer.json["type"] == "video")
    }

    @Test(arguments: ["POST /v1/videos/generations", "GET /v1/tasks/task-unified-1-abcdefgh"])
    func `a call without a key is refused in the provider's shape`(_ call: String) throws {
        var bench = try ProviderOnTheBench()
        let parts = call.split(separator: " ").map(String.init)
        let answer = bench.ask(parts[0], parts[1], ProviderOnTheBench.job.serialized(), key: nil)
        #expect(answer.status == 401)
        #expect(answer.json["error"]?["type"] == "authentication_error")
        #expect(bench.ask(parts[0], parts[1], [], key: "").status == 401)
        #expect(bench.ledger()["accepted"] == 0)
    }

    @Test func `a task waits, grows, and ends with a link that serves a video`() throws {
        var bench = try ProviderOnTheBench(seconds: 100)
        let id = try bench.accepted()
        #expect(bench.status(id).json["status"] == "pending")
        var last: Int64 = 0
        for _ in 0..<9 {
            bench.pass(10)
            let report = bench.status(id).json
            #expect(report["status"] == "processing")
            let progress = try #require(report["progress"]?.integer)
            #expect(progress > last && progress < 100)
            last = progress
        }
        bench.pass(10)
        let end = bench.status(id).json
        #expect(end["status"] == "completed" && end["progress"] == 100)
        let link = try bench.link(id)
        let video = bench.ask("GET", link, key: nil)
        #expect(video.status == 200 && video.field("Content-Type") == "video/mp4")
        #expect(Array(video.bytes[4..<8]) == Array("ftyp".utf8))
    }

    @Test func `an unknown task is a 404 in the provider's shape`() throws {
        var bench = try ProviderOnTheBench()
        let answer = bench.status("task-unified-1-zzzzzzzz")
        #expect(answer.status == 404 && answer.errorCode == "task_not_found")
    }

    @Test func `a portrait job gets the portrait video`() throws {
        var bench = try ProviderOnTheBench(seconds: 0)
        let wide = try bench.accepted()
        let tall = try bench.accepted(ProviderOnTheBench.job(with: ["aspect_ratio": "9:16"]))
        let wideLink = try bench.link(wide)
        let tallLink = try bench.link(tall)
        #expect(bench.ask("GET", wideLink).bytes != bench.ask("GET", tallLink).bytes)
    }

    @Test func `a result link dies after 24 hours and opens to nobody else`() throws {
        var bench = try ProviderOnTheBench(seconds: 10)
        let id = try bench.accepted()
        bench.pass(10)
        let link = try bench.link(id)
        #expect(bench.ask("GET", String(link.dropLast()) + "_").status == 403)
        #expect(bench.ask("GET", String(link.prefix { $0 != "?" })).status == 403)
        bench.pass(24 * 3600 - 1)
        #expect(bench.ask("GET", link).status == 200)
        bench.pass(1)
        #expect(bench.ask("GET", link).status == 403)
        #expect(bench.status(id).json["status"] == "completed")
    }

    @Test func `an unfinished task has no result to fetch`() throws {
        var bench = try ProviderOnTheBench(seconds: 10)
        let id = try bench.accepted()
        #expect(bench.ask("GET", "/results/\(id).mp4?expires=1&signature=2").status == 404)
    }

    @Test func `unknown paths and wrong methods are refused in the provider's shape`() throws {
        var bench = try ProviderOnTheBench()
        #expect(bench.ask("GET", "/v2/videos").errorCode == "not_found")
        let answer = bench.ask("GET", "/v1/videos/generations")
        #expect(answer.status == 405 && answer.field("Allow") == "POST")
        #expect(bench.ask("DELETE", "/v1/tasks/task-unified-1-abcdefgh").status == 405)
    }
}
