import Gateway
import GatewayFakes
import JSONText
import TestSupport
import Testing
import VideoJobs

@testable import GatewayAPI

/// The event stream of one task.
@Suite struct TaskEventsTests {
    private let api: APIHarness
    private let id: String

    init() throws {
        api = try APIHarness()
        id = try #require(try api.submit().task)
    }

    private func open(_ lastEventID: String? = nil, query: String = "") throws -> StreamReader {
        let fields = lastEventID.map { ["Last-Event-ID": $0] } ?? [:]
        let response = try api.ask(.get("/v1/tasks/\(id)/events\(query)", fields))
        return try StreamReader(response, api.world.executor, lastEventID: lastEventID ?? "")
    }

    private func finish() {
        api.provider.report(.report(ProviderReport(.failed)))
        api.world.pass(.seconds(20))
    }

    @Test func `a stream begins with the present state, continues with each change and ends with the task`()
        throws
    {
        let stream = try open()
        #expect(stream.response.status == 200)
        #expect(stream.response["Content-Type"] == "text/event-stream")
        #expect(stream.response["Cache-Control"] == "no-store")
        #expect(stream.response["X-Accel-Buffering"] == "no")
        #expect(stream.states() == ["3 running"])
        #expect(stream.parser.retry == 2000)
        #expect(stream.states() == [])
        api.world.pass(.seconds(10))
        #expect(stream.states() == ["4 running"])
        #expect(!stream.hasEnded)
        finish()
        #expect(stream.states() == ["5 failed"])
        #expect(stream.hasEnded)
        let read = try api.ask(.get("/v1/tasks/\(id)"))
        #expect(stream.parser.events.last?.data == read.text)
    }

    @Test func `the provider's id names the stream too, and an unknown one is 404`() throws {
        let response = try api.ask(.get("/v1/tasks/provider-\(id)/events"))
        let stream = try StreamReader(response, api.world.executor)
        #expect(stream.states() == ["3 running"])
        #expect(try api.ask(.get("/v1/tasks/none/events")).verdict == "404 not_found -")
        #expect(try api.ask(.get("/v1/tasks/\(id)/events?x=1")).status == 400)
    }

    @Test func `a client that comes back gets what follows the last event that it has`() throws {
        let first = try open()
        first.read()
        api.world.pass(.seconds(10))
        finish()
        let all = ["3 running", "4 running", "5 failed"]
        first.read()
        #expect(first.parser.events.map(\.summary) == all)
        for restarts in [false, true] {
            if restarts { api.world.restart() }
            for version in 1...4 {
                let stream = try open("\(version)")
                // A new connection began with version 3; the store has those before, too.
                #expect(stream.states() == Array((["2 sending"] + all).suffix(5 - version)))
                #expect(stream.hasEnded)
            }
            let query = try open(query: "?last_event_id=4")
            #expect(query.states() == ["5 failed"])
        }
    }

    @Test func `a client that has the last state gets 204, unless the task can come back`() throws {
        finish()
        let version = try #require(try open().read().last?.id)
        let response = try api.ask(.get("/v1/tasks/\(id)/events", ["Last-Event-ID": version]))
        #expect(response.status == 204 && response.text.isEmpty)

        api.provider.respond(with: .unknown(LostReply("cut", bytesSent: 9, status: 502)))
        let lost = try #require(try api.submit().task)
        let path = "/v1/tasks/\(lost)/events"
        let stream = try StreamReader(try api.ask(.get(path)), api.world.executor)
        let last = try #require(stream.read().last)
        #expect(last.summary.hasSuffix("uncertain") && !stream.hasEnded)
        let again = try StreamReader(
            try api.ask(.get(path, ["Last-Event-ID": last.id])), api.world.executor)
        #expect(again.read().isEmpty && !again.hasEnded)
        _ = try api.ask(.post("/v1/tasks/\(lost)/dismiss"))
        #expect(again.read().map(\.summary) == stream.read().map(\.summary))
        #expect(again.hasEnded && stream.hasEnded)
    }

    @Test(arguments: ["0", "99", "-1", "+3", "03", "3.", "x", "store.3", "9223372036854775808"])
    func `an id that the task does not have begins with a reset and the present state`(_ id: String) throws {
        let stream = try open(id)
        #expect(stream.states() == [#"reset {"reason":"unknown_event"}"#, "3 running"])
        #expect(!stream.hasEnded)
    }

    @Test func `a slow reader skips to the newest state, and holds nothing`() throws {
        let stream = try open()
        stream.read()
        let record = try #require(api.world.gateway.cachedTask(id))
        for version in 4...10_000 {
            var next = record
            next.version = version
            api.hub.taskCommitted(
                CommittedChange(sequence: Int64(version), record: next, before: record))
        }
        let versions = stream.read().compactMap { Int($0.id) }
        #expect(versions.count <= EventLog.recentMax + EventLog.olderMax + 512)
        #expect(versions.last == 10_000)
        #expect(versions == versions.sorted() && Set(versions).count == versions.count)
    }

    @Test func `each stream gets a comment every 15 seconds`() throws {
        api.provider.holdPolls()
        let streams = try (0..<20).map { _ in try open() }
        for stream in streams { stream.read() }
        for _ in 0..<60 {
            api.world.pass(.seconds(1))
            for stream in streams { stream.read() }
        }
        #expect(streams.allSatisfy { $0.parser.comments == 4 })
        #expect(api.world.clock.sleeperCount < 20)
        api.provider.release()
    }

    @Test func `a stream ends when the server drains, and a permit is free again`() throws {
        let stream = try open()
        #expect(api.world.gateway.streamLimiter.count == 1)
        stream.read()
        stream.drain()
        #expect(stream.read().isEmpty)
        #expect(stream.hasEnded)
        #expect(api.world.gateway.streamLimiter.count == 0)
        let left = try open()
        left.leave()
        #expect(api.world.gateway.streamLimiter.count == 0)
    }

    @Test(arguments: [1, 2, 7, 100])
    func `events are the same in pieces of any size`(_ limit: Int) throws {
        let stream = try open()
        #expect(stream.read(pieces: limit).map(\.summary) == ["3 running"])
        finish()
        #expect(stream.read(pieces: limit).map(\.summary) == ["4 failed"])
    }

    @Test func `at the limit of streams one more is 503`() throws {
        var settings = GatewaySettings()
        settings.streamsMax = 1
        let api = try APIHarness(gateway: settings)
        let path = "/v1/tasks/\(try #require(try api.submit().task))/events"
        let stream = try StreamReader(try api.ask(.get(path)), api.world.executor)
        #expect(try api.ask(.get(path)).verdict == "503 too_many_streams -")
        stream.leave()
        #expect(try api.ask(.get(path)).status == 200)
    }
}
