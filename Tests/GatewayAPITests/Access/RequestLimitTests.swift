import Gateway
import GatewayFakes
import GatewayProtocol
import HTTPServing
import JSONText
import Testing

@testable import GatewayAPI

/// Clients with a limit of requests per minute.
@Suite struct RequestLimitTests {
    private let api: APIHarness
    private let ann: [String: String]
    private let bob: [String: String]

    init() throws {
        api = try APIHarness()
        ann = try Self.add(api, #"{"name":"ann","limits":{"requests_per_minute":6}}"#)
        bob = try Self.add(api, #"{"name":"bob"}"#)
        api.settings.access = .tokens
    }

    private static func add(_ api: APIHarness, _ body: String) throws -> [String: String] {
        let token = try api.ask(.post("/v1/clients", body)).json?["token"]?.string
        return ["Authorization": "Bearer \(try #require(token))"]
    }

    /// Changes ann as an operator.
    private func set(_ body: String) throws {
        var request = TestRequest.other("PATCH", "/v1/clients/ann", body: body)
        request.request.context.principal = .operatorSocket(uid: 7)
        #expect(try api.ask(request).status == 200)
    }

    @Test func `a client at its limit waits, others do not`() throws {
        for left in (0...5).reversed() {
            let response = try api.ask(.get("/v1/models", ann))
            #expect(response.status == 200)
            #expect(response["RateLimit-Policy"] == #""requests";q=6;w=60"#)
            #expect(response["RateLimit"] == #""requests";r=\#(left);t=10"#)
        }
        let limited = try api.ask(.get("/v1/models", ann))
        #expect(limited.status == 429 && limited.code == "rate_limited")
        #expect(limited["Retry-After"] == "10")
        #expect(limited["RateLimit"] == #""requests";r=0;t=10"#)
        #expect(limited["RateLimit-Policy"] == #""requests";q=6;w=60"#)
        #expect(limited["x-should-retry"] == nil, "nothing was done")
        #expect(try api.ask(.post("/v1/videos/generations", APIHarness.job, ann)).status == 429)
        #expect(api.provider.created.isEmpty)

        let other = try api.ask(.get("/v1/models", bob))
        #expect(other.status == 200 && other["RateLimit"] == nil && other["RateLimit-Policy"] == nil)
        api.world.pass(.seconds(9))
        #expect(try api.ask(.get("/v1/models", ann))["Retry-After"] == "1")
        api.world.pass(.seconds(1))
        #expect(try api.ask(.get("/v1/models", ann)).status == 200)
        #expect(try api.ask(.get("/v1/models", ann)).status == 429)
    }

    @Test func `every response of a limited client has the fields, however it is produced`() throws {
        let created = try api.ask(.post("/v1/videos/generations", APIHarness.job, ann))
        let id = try #require(created.task)
        #expect(created.status == 200 && created["RateLimit"] == #""requests";r=5;t=10"#)
        for (request, status) in [
            (TestRequest.get("/v1/tasks/\(id)", ann), 200), (.get("/v1/tasks", ann), 200),
            (.get("/nowhere", ann), 404), (.get("/v1/clients", ann), 403),
            (.post("/v1/videos/generations", "{", ann), 400),
        ] {
            let response = try api.ask(request)
            #expect(response.status == status)
            #expect(response["RateLimit"] != nil && response["RateLimit-Policy"] != nil)
        }
        #expect(try api.ask(.get("/v1/tasks/\(id)", ann)).status == 429)
        #expect(try api.ask(.get("/v1/tasks/\(id)", ["Authorization": "Bearer rg_1"]))["RateLimit"] == nil)
    }

    @Test func `a changed limit is in force at once`() throws {
        for _ in 0..<6 { _ = try api.ask(.get("/v1/models", ann)) }
        #expect(try api.ask(.get("/v1/models", ann)).status == 429)
        try set(#"{"limits":null}"#)
        let free = try api.ask(.get("/v1/models", ann))
        #expect(free.status == 200 && free["RateLimit"] == nil)
        try set(#"{"limits":{"requests_per_minute":6}}"#)
        #expect(try api.ask(.get("/v1/models", ann)).status == 429)
        try set(#"{"limits":{"requests_per_minute":7}}"#)
        #expect(try api.ask(.get("/v1/models", ann)).status == 200)
        #expect(try api.ask(.get("/v1/models", ann)).status == 429, "six and one")
    }

    @Test func `public endpoints take nothing of a quota and are answered without one`() throws {
        let paths = ["/healthz", "/readyz", "/"]
        for path in paths + paths + paths {
            let response = try api.ask(.get(path, ann))
            #expect(response.status == 200 && response["RateLimit"] == nil, "\(path)")
        }
        for _ in 0..<6 { #expect(try api.ask(.get("/v1/models", ann)).status == 200) }
        #expect(try api.ask(.get("/v1/models", ann)).status == 429)
        for path in paths { #expect(try api.ask(.get(path, ann)).status == 200, "\(path)") }
        #expect(try api.ask(.get("/readyz?verbose", ann)).code == "forbidden", "not rate_limited")
    }

    @Test func `a request beyond the quota that would have done something is in the audit`() throws {
        for _ in 0..<6 { _ = try api.ask(.get("/v1/models", ann)) }
        let requests: [TestRequest] = [
            .post("/v1/videos/generations", APIHarness.job, ann), .post("/v1/tasks/x/cancel", nil, ann),
            .post("/v1/videos/quote", APIHarness.job, ann), .get("/v1/models", ann),
            .other("PATCH", "/v1/clients/bob", ann, body: "{}"),
        ]
        for request in requests { #expect(try api.ask(request).status == 429) }
        let records = api.world.store.auditRecords.filter { $0.decision == .refused("rate_limited") }
        #expect(records.map(\.action) == [.submit, .cancel, .clientSet])
        #expect(records.allSatisfy { $0.actor == "ann" && $0.price == nil && $0.requestID == "req-1" })
    }
}
