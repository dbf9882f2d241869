import Gateway
import GatewayFakes
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

@Suite struct RecordEndpointTests {
    private let api: APIHarness

    init() throws { api = try APIHarness() }

    private func record(of task: String) throws -> JSONValue {
        let response = try api.ask(.get("/v1/tasks/\(task)/record"))
        #expect(response.status == 200)
        return try #require(response.json)
    }

    @Test func `the record of a completed task has the job as sent, its times, price and digest`() throws {
        let report = ProviderReport(.completed, links: ["https://cdn.example/1.mp4?signature=secret"])
        api.provider.report(.report(report))
        let task = try #require(try api.submit().task)
        api.world.pass(.seconds(20))
        let shown = try #require(try api.ask(.get("/v1/tasks/\(task)")).json)
        let record = try record(of: task)

        #expect(record["id"] == shown["id"])
        #expect(record["object"]?.string == "video.generation.record")
        let payload = try #require(api.provider.payloads.first)
        #expect(try record["job"] == JSONValue(parsing: payload, limits: JSONLimits(bytes: .max)))
        for member in ["model", "status", "results", "usage", "error"] {
            #expect(record[member] == shown[member], "\(member)")
        }
        for member in ["client", "state", "provider_task_id", "attempts"] {
            #expect(record[member] == shown["gateway"]?[member], "\(member)")
        }
        #expect(record["price"] == shown["gateway"]?["price"])
        #expect(record["results"]?.array?.first?["sha256"]?.string?.isEmpty == false)
        #expect(record["software"]?["name"]?.string == "reelgate")
        #expect(record["software"]?["version"]?.string?.isEmpty == false)

        let history = try #require(record["history"]?.array)
        #expect(history.map { $0["event"]?.string }.first == "admitted")
        #expect(history.map { $0["event"]?.string }.last == "completed")
        #expect(history.map { $0["number"]?.integer } == (1...Int64(history.count)).map { $0 })
        for step in ["created", "sent", "accepted", "finished", "ended"] {
            #expect(record["timings"]?[step] ?? .null != .null, "\(step)")
        }
        // Result links may hold signatures.
        #expect(!String(decoding: record.serialized(), as: UTF8.self).contains("secret"))
    }

    @Test func `a running task has a record without later times`() throws {
        let task = try #require(try api.submit().task)
        let record = try record(of: task)
        #expect(record["state"]?.string == "running")
        #expect(record["timings"]?["accepted"] ?? .null != .null)
        #expect(record["timings"]?["finished"] == .null)
        #expect(record["timings"]?["ended"] == .null)
        #expect(record["results"] == .null)
    }

    @Test func `a task that does not exist has no record, and a query is rejected`() throws {
        #expect(try api.ask(.get("/v1/tasks/none/record")).code == "not_found")
        let task = try #require(try api.submit().task)
        #expect(try api.ask(.get("/v1/tasks/\(task)/record?full=1")).code == "bad_request")
    }
}
