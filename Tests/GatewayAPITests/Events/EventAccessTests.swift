import Gateway
import GatewayFakes
import JSONText
import TestSupport
import Testing
import VideoJobs

@testable import GatewayAPI

/// Whose changes a stream has, and until when.
@Suite struct EventAccessTests {
    private let api: APIHarness
    private let ann: String
    private let bob: String
    private let boss: String

    init() throws {
        api = try APIHarness()
        ann = try Self.add(api, #"{"name":"ann"}"#)
        bob = try Self.add(api, #"{"name":"bob"}"#)
        boss = try Self.add(api, #"{"name":"boss","role":"operator"}"#)
        api.settings.access = .tokens
        api.settings.unauthorized = UnauthorizedPolicy(sleep: { _ in })
    }

    private static func add(_ api: APIHarness, _ body: String) throws -> String {
        try #require(try api.ask(.post("/v1/clients", body)).json?["token"]?.string)
    }

    private func fields(_ token: String) -> [String: String] { ["Authorization": "Bearer \(token)"] }

    private func open(_ path: String, _ token: String) throws -> StreamReader {
        try StreamReader(try api.ask(.get(path, fields(token))), api.world.executor)
    }

    @Test func `a client has its own tasks, an operator has all`() throws {
        let streams = try [ann, bob, boss].map { try open("/v1/events", $0) }
        for stream in streams { stream.read() }
        let anns = try #require(try api.submit(fields(ann)).task)
        let bobs = try #require(try api.submit(fields(bob)).task)
        let seen = streams.map { Set($0.read().compactMap(\.task)) }
        #expect(seen == [[anns], [bobs], [anns, bobs]])
        let path = "/v1/tasks/\(anns)/events"
        #expect(try api.ask(.get(path, fields(bob))).verdict == "404 not_found -")
        #expect(try api.ask(.get(path)).status == 401)
        #expect(try open(path, boss).read().compactMap(\.task) == [anns])
        // Neither the snapshot nor stored events show more.
        let last = streams[1].parser.lastEventID
        let first = try open("/v1/events", bob)
        #expect(Set(first.read().compactMap(\.task)) == [bobs])
        let path2 = "/v1/events?last_event_id=\(last)"
        #expect(try open(path2, ann).read().compactMap(\.task).allSatisfy { $0 == anns })
        #expect(try open("/v1/events?client=bob", ann).read().compactMap(\.task).isEmpty)
    }

    @Test func `a revoked token ends its streams at once, and no others`() throws {
        let id = try #require(try api.submit(fields(ann)).task)
        let revoked = try [open("/v1/events", ann), open("/v1/tasks/\(id)/events", ann)]
        let kept = try [open("/v1/events", bob), open("/v1/tasks/\(id)/events", boss)]
        for stream in revoked + kept { stream.read() }
        _ = try api.ask(.other("DELETE", "/v1/clients/ann", fields(boss)))
        for stream in revoked + kept { stream.read() }
        #expect(revoked.allSatisfy(\.hasEnded) && kept.allSatisfy { !$0.hasEnded })
        #expect(try api.ask(.get("/v1/events", fields(ann))).status == 401)
        #expect(api.world.gateway.streamLimiter.count == 2)
    }

    @Test func `a changed role ends the streams of the client`() throws {
        let stream = try open("/v1/events", boss)
        let other = try Self.add(api, fields(boss))
        stream.read()
        let changed = try api.ask(
            .other("PATCH", "/v1/clients/boss", fields(boss), body: #"{"role":"submitter"}"#))
        #expect(changed.status == 200)
        stream.read()
        #expect(stream.hasEnded)
        #expect(other.hasPrefix("rg_"))
    }

    private static func add(_ api: APIHarness, _ fields: [String: String]) throws -> String {
        try #require(
            try api.ask(.post("/v1/clients", #"{"name":"cid"}"#, fields)).json?["token"]?.string)
    }

    @Test func `a token that expires ends its streams within 15 seconds`() throws {
        let stream = try open("/v1/events", ann)
        let rotated = try api.ask(
            .post("/v1/clients/ann/rotate", #"{"overlap_seconds":60}"#, fields(boss)))
        #expect(rotated.status == 200)
        api.world.pass(.seconds(59))
        stream.read()
        #expect(!stream.hasEnded)
        api.world.pass(.seconds(16))
        stream.read()
        #expect(stream.hasEnded)
    }

    @Test func `a session that is closed ends its streams`() throws {
        let opened = try api.ask(.post("/v1/session", nil, fields(ann)))
        let cookie = String(try #require(opened["Set-Cookie"]).prefix { $0 != ";" })
        let stream = try StreamReader(
            try api.ask(.get("/v1/events", ["Cookie": cookie])), api.world.executor)
        stream.read()
        #expect(!stream.hasEnded)
        let closing = ["Cookie": cookie, "Sec-Fetch-Site": "same-origin"]
        #expect(try api.ask(.other("DELETE", "/v1/session", closing)).status == 204)
        stream.read()
        #expect(stream.hasEnded)
    }
}
