import Gateway
import GatewayFakes
import JSONText
import TestSupport
import Testing
import VideoJobs

@testable import GatewayAPI

/// The stream of all tasks.
@Suite struct EventStreamTests {
    private let api: APIHarness

    init() throws { api = try APIHarness() }

    private func open(
        _ lastEventID: String? = nil, query: String = "", token: String? = nil
    ) throws -> StreamReader {
        var fields = lastEventID.map { ["Last-Event-ID": $0] } ?? [:]
        if let token { fields["Authorization"] = "Bearer \(token)" }
        let response = try api.ask(.get("/v1/events\(query)", fields))
        return try StreamReader(response, api.world.executor, lastEventID: lastEventID ?? "")
    }

    /// Submits a job; returns its record.
    private func submit(_ fields: [String: String] = [:]) throws -> TaskRecord {
        let id = try #require(try api.submit(fields).task)
        return try #require(api.world.gateway.cachedTask(id))
    }

    /// Submits jobs and follows them to their end; returns all events, read as they happened.
    private func history(_ count: Int) throws -> (first: String, events: [String]) {
        let stream = try open()
        #expect(stream.states() == [#"reset {"reason":"new"}"#])
        let first = stream.parser.lastEventID
        var events: [String] = []
        for _ in 0..<count {
            _ = try api.submit()
            events += stream.states()
        }
        api.world.pass(.seconds(9))
        events += stream.states()
        for _ in 0..<count { api.provider.report(.report(ProviderReport(.failed))) }
        api.world.pass(.seconds(60))
        return (first, events + stream.states())
    }

    @Test func `a client that comes back at any event gets the rest, without gap or repeat`() throws {
        let (first, events) = try history(3)
        #expect(events.count >= 9)
        let ids = [first] + events.map { String($0.prefix { $0 != " " }) }
        for restarts in [false, true] {
            if restarts { api.world.restart() }
            for (index, id) in ids.enumerated() {
                let stream = try open(id)
                #expect(stream.states() == Array(events[index...]), "\(id)")
                #expect(!stream.hasEnded)
            }
        }
    }

    @Test func `a stream that comes back while others are open continues from memory and goes live`() throws {
        let other = try open()
        other.read()
        let (_, events) = try history(1)
        let id = String(events[0].prefix { $0 != " " })
        let stream = try open(id)
        #expect(stream.states() == Array(events[1...]))
        _ = try api.submit()
        #expect(stream.states() == Array(other.states().dropFirst(events.count)))
    }

    @Test func `changes while a client reads stored events are neither lost nor repeated`() throws {
        let (first, events) = try history(3)
        let stream = try open(first)
        _ = try api.submit()
        let states = stream.states()
        #expect(Array(states.prefix(events.count)) == events)
        #expect(states.count == events.count + 2)
        #expect(Set(states).count == states.count)
    }

    @Test(arguments: [
        "", ".", "x", "1", "STORE", "STORE.", "STORE.x", "STORE.99", "STORE.-1", "other.3", "STORE.1",
    ])
    func `an id that the store does not have begins with a reset and all that the caller may see`(
        _ id: String
    ) throws {
        _ = try api.submit()
        let open = try open()
        open.read()
        let store = try #require(open.parser.lastEventID.split(separator: ".").first)
        // Event 1 was stored together with the next, so no stream has sent it.
        let stream = try self.open(id.replacing("STORE", with: store))
        let reason = id.isEmpty ? "new" : "unknown_event"
        #expect(stream.states() == [#"reset {"reason":"\#(reason)"}"#, " running"])
        #expect(stream.parser.lastEventID == open.parser.lastEventID)
    }

    @Test func `a snapshot has all tasks that can change and recent ended ones, and is resumed after`() throws
    {
        api.provider.respond(with: .unknown(LostReply("cut", bytesSent: 9, status: 502)))
        for _ in 0..<30 { _ = try api.submit(["Prefer": "respond-async"]) }
        api.world.pass(.seconds(1))
        api.provider.report(.report(ProviderReport(.failed)))
        api.world.pass(.seconds(30))
        let stream = try open()
        let events = stream.read()
        let shown = Set(events.compactMap(\.task))
        #expect(shown.count == 30 && events.count == 31)
        let states = Set(events.dropFirst().map { $0.summary.dropFirst() })
        #expect(states.isSuperset(of: ["uncertain", "queued", "running", "failed"]))
        // Cut anywhere within, it begins anew.
        #expect(events.allSatisfy { $0.id.isEmpty })
        let again = try open(stream.parser.lastEventID)
        #expect(again.read().isEmpty)
    }

    @Test(arguments: 0..<8)
    func `a change during a snapshot is sent once, in it or after it`(_ events: Int) throws {
        let atOnce = ["Prefer": "respond-async"]
        for _ in 0..<50 { _ = try submit(atOnce) }
        let stream = try open()
        for _ in 0..<(1 + events * 7) { stream.readOne() }
        let ids = try (0..<3).map { _ in try submit(atOnce).id }
        // A failed task gives its slot to the next one.
        api.provider.report(.report(ProviderReport(.failed)))
        api.world.pass(.seconds(9))
        stream.read()
        _ = try submit(atOnce)
        stream.read()
        let sent = stream.parser.events.compactMap { event in
            event.task.flatMap { task in event.version.map { (task: task, version: $0) } }
        }
        let tasks = Dictionary(grouping: sent, by: \.task)
        #expect(tasks.count == 54 && ids.allSatisfy { tasks[$0.text] != nil })
        for (id, states) in tasks {
            let versions = states.map(\.version)
            #expect(versions == Set(versions).sorted(), "\(id): \(versions)")
            let last = api.world.gateway.cachedTask(id).map { Int64($0.version) }
            #expect(last == nil || versions.last == last, "\(id)")
        }
    }

    @Test func `filters choose tasks by client and changes by state`() throws {
        let running = try open(query: "?state=running")
        let none = try open(query: "?client=nobody")
        let own = try open(query: "?client=open")
        for stream in [running, none, own] {
            #expect(stream.states() == [#"reset {"reason":"new"}"#])
        }
        let (_, events) = try history(1)
        #expect(own.states() == events)
        #expect(running.states() == events.filter { $0.hasSuffix(" running") })
        #expect(none.states().isEmpty)
        let snapshots = try ["?state=failed", "?state=queued"].map { try open(query: $0).states().count }
        #expect(snapshots == [2, 1])
        #expect(try api.ask(.get("/v1/events?state=unknown")).status == 400)
    }

    @Test func `a reader that is far behind skips to the newest state of each task`() throws {
        let stream = try open()
        stream.read()
        let records = try (0..<5).map { _ in try submit() }
        stream.read()
        for round in 0..<20_000 {
            var record = records[round % 5]
            record.version += round + 1
            api.hub.taskCommitted(CommittedChange(sequence: Int64(1000 + round), record: record))
        }
        let events = stream.read()
        #expect(events.count < 3000)
        let sequences = events.compactMap { EventID($0.id)?.sequence }
        #expect(sequences == sequences.sorted() && sequences.last == 20_999)
        #expect(Set(events.suffix(5).compactMap(\.task)).count == 5)
    }

    @Test func `each change is rendered once for all streams`() throws {
        let streams = try (0..<3).map { _ in try open() }
        for stream in streams { stream.read() }
        let record = try submit()
        for stream in streams { stream.read() }
        let event = TaskEvent(record, sequence: 7)
        var made = 0
        for _ in streams {
            _ = event.text(for: .all) {
                made += 1
                return [1]
            }
        }
        #expect(made == 1)
        #expect(Set(streams.map { $0.parser.events.last?.data }).count == 1)
    }

    @Test func `without streams the hub keeps nothing`() throws {
        let stream = try open()
        stream.read()
        stream.leave()
        #expect(api.hub.isIdle)
    }
}
