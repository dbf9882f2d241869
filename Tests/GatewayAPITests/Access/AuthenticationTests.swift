import Gateway
import GatewayFakes
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import Testing

@testable import GatewayAPI

/// Requests with and without tokens, and what one client sees of another's work.
@Suite struct AuthenticationTests {
    private let api: APIHarness
    private let ann: String
    private let bob: String
    private let boss: String

    init() throws {
        api = try APIHarness()
        ann = try Self.add(api, #"{"name":"ann"}"#)
        bob = try Self.add(api, #"{"name":"bob","models":["google/veo-3.1"]}"#)
        boss = try Self.add(api, #"{"name":"boss","role":"operator"}"#)
        api.settings.access = .tokens
        api.settings.unauthorized = UnauthorizedPolicy(sleep: { _ in })
    }

    private static func add(_ api: APIHarness, _ body: String) throws -> String {
        let added = try api.ask(.post("/v1/clients", body))
        return try #require(added.json?["token"]?.string)
    }

    private func bearer(_ token: String) -> [String: String] { ["Authorization": "Bearer \(token)"] }

    @Test(arguments: [
        (nil, "the request has no token"), ("Basic YTpi", "Authorization is not Bearer and a token"),
        ("Bearer ", "Authorization is not Bearer and a token"), ("Bearer rg_1", "the token is mistyped"),
        ("Bearer é", "the token is mistyped"),
    ])
    func `a request without a valid token is 401 on every endpoint but the public ones`(
        _ value: String?, _ reason: String
    ) throws {
        let fields = value.map { ["Authorization": $0] } ?? [:]
        for route in RouteList(api.services).routes {
            let path = route.path.replacing("{id}", with: "task-1").replacing("{name}", with: "ann")
            let response = try api.ask(.other(route.method, path, fields))
            let isPublic = route.access == .anyone || route.access == .healthCheck
            #expect((response.status == 401) == !isPublic, "\(route.method) \(path): \(response.status)")
            guard !isPublic else { continue }
            #expect(response.code == "unauthorized")
            #expect(response["WWW-Authenticate"] == #"Bearer realm="reelgate""#)
            #expect(response.json?["detail"]?.string?.contains(reason) == true)
        }
        // What does not exist looks the same.
        #expect(try api.ask(.get("/nowhere", fields)).status == 401)
    }

    @Test func `a well-formed token that nobody has is unknown, not mistyped`() throws {
        let token = ClientToken(random: (1, 2, 3)).text
        let response = try api.ask(.get("/v1/models", bearer(token)))
        #expect(response.json?["detail"]?.string?.contains("unknown, expired or revoked") == true)
        #expect(!response.text.contains(token))
    }

    @Test func `revoking a token ends the waits of its requests with 401, and of no others`() throws {
        let field = bearer(ann)
        let path = "/v1/tasks/\(try #require(try api.submit(field).task))"
        let revoked = [
            api.start(.get("\(path)?wait=60", field)),
            api.start(
                .post(
                    "/v1/videos/generations", APIHarness.job,
                    field.merging(["Prefer": "wait=60"]) { first, _ in first })),
        ]
        let kept = api.start(.get("\(path)?wait=60", bearer(boss)))
        #expect(revoked.allSatisfy { $0.result == nil })
        #expect(try api.ask(.other("DELETE", "/v1/clients/ann", bearer(boss))).status == 200)
        #expect(revoked.map { $0.result?.status } == [401, 401])
        // The job of the POST is durable.
        #expect(revoked[1].result?.task != nil && revoked[1].result?["x-should-retry"] == "false")
        #expect(kept.result == nil)
    }

    @Test func `the scheme's case does not matter, and a repeated field has no token`() throws {
        #expect(try api.ask(.get("/v1/models", ["Authorization": "bearer  \(ann)"])).status == 200)
        var request = TestRequest.get("/v1/models", bearer(ann))
        request.request.head.fields.append("Authorization", "Bearer \(ann)")
        #expect(try api.ask(request).status == 401)
    }

    @Test func `a repeated head is digested once, and its token is judged each time`() throws {
        let reports = Reports()
        api.settings.tokenDigest = {
            reports.add("digest"); return APIHarness.digest($0)
        }
        var parser = HTTP1Parser(limits: MessageLimits())
        func ask() throws -> Int {
            let bytes = Array(
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(ann)\r\n\r\n".utf8)
            var (offset, request) = (0, TestRequest.get("/v1/models"))
            while let event = try parser.next(bytes.span, from: &offset) {
                if case .head(let head) = event { request.request.head = head }
            }
            return try api.ask(request).status
        }
        for _ in 0..<6 { #expect(try ask() == 200) }
        // The first head of a connection is not remembered, and the second not yet known as a repetition.
        #expect(reports.all == ["digest", "digest", "digest"])
        #expect(try api.ask(.other("DELETE", "/v1/clients/ann", bearer(boss))).status == 200)
        #expect(try ask() == 401)
    }

    @Test func `a failed authentication is reported without the token and delayed alone`() throws {
        let reports = Reports()
        api.settings.unauthorized = UnauthorizedPolicy(
            sleep: { reports.add("slept \($0)") }, report: { reports.add("\($0): \($1)") })
        _ = try api.ask(.get("/v1/models", bearer("rg_secret")))
        #expect(
            reports.all == [": the token is mistyped or is not a token of a gateway", "slept 0.25 seconds"])
        #expect(api.respondsAtOnce(.get("/v1/models", bearer(ann))))
    }

    @Test func `a user of the operator socket needs no token and is an operator, in any mode`() throws {
        let task = try #require(
            try api.ask(.post("/v1/videos/generations", APIHarness.job, bearer(ann))).task)
        for access in [ClientAccess.tokens, .open] {
            api.settings.access = access
            for path in ["/v1/tasks/\(task)", "/v1/clients"] {
                var request = TestRequest.get(path, ["Authorization": "Bearer rg_wrong"])
                request.request.context.principal = .operatorSocket(uid: 7)
                #expect(try api.ask(request).status == 200)
            }
            var request = TestRequest.post("/v1/videos/generations", APIHarness.job)
            request.request.context.principal = .operatorSocket(uid: 7)
            let own = try #require(try api.ask(request).task)
            api.settings.access = .tokens
            #expect(try api.ask(.get("/v1/tasks/\(own)", bearer(ann))).status == 404)
            #expect(
                try api.ask(.get("/v1/tasks?client=operator", bearer(boss))).json?["data"]?.array?.isEmpty
                    == false)
        }
    }

    @Test func `a client's task does not exist for another client`() throws {
        let own = try #require(try api.ask(.post("/v1/videos/generations", APIHarness.job, bearer(ann))).task)
        let provided = try #require(
            try api.ask(.get("/v1/tasks/\(own)", bearer(ann))).json?["gateway"]?["provider_task_id"]?.string)
        #expect(try api.ask(.get("/v1/tasks/\(own)", bearer(ann))).status == 200)
        for id in [own, provided] {
            for request in [
                TestRequest.get("/v1/tasks/\(id)", bearer(bob)), .head("/v1/tasks/\(id)", bearer(bob)),
                .get("/v1/tasks/\(id)?wait=1", bearer(bob)), .get("/v1/tasks/\(id)/content", bearer(bob)),
                .post("/v1/tasks/\(id)/cancel", nil, bearer(bob)),
            ] {
                let response = try api.ask(request)
                #expect(response.status == 404, "\(request.request.head.path): \(response.status)")
                #expect(!response.text.contains("ann"))
            }
            #expect(try api.ask(.get("/v1/tasks/\(id)", bearer(boss))).status == 200)
        }
        for (query, token, count) in [
            ("", ann, 1), ("", bob, 0), ("", boss, 1), ("?client=ann", bob, 0), ("?client=ann", boss, 1),
            ("?client=bob", ann, 0),
        ] {
            let page = try api.ask(.get("/v1/tasks\(query)", bearer(token))).json
            #expect(page?["data"]?.array?.count == count, "\(query)")
        }
        #expect(try api.ask(.get("/v1/tasks?after=\(own)", bearer(bob))).status == 404)
    }

    @Test func `only an operator settles and manages clients`() throws {
        for (method, path) in [
            ("POST", "/v1/tasks/x/adopt"), ("POST", "/v1/tasks/x/dismiss"), ("POST", "/v1/tasks/x/resubmit"),
            ("GET", "/v1/clients"), ("POST", "/v1/clients"), ("GET", "/v1/clients/bob"),
            ("PATCH", "/v1/clients/bob"), ("DELETE", "/v1/clients/bob"), ("POST", "/v1/clients/bob/rotate"),
            ("POST", "/v1/submission/resume"),
        ] {
            #expect(try api.ask(.other(method, path, bearer(ann))).code == "forbidden", "\(method) \(path)")
            #expect(try api.ask(.other(method, path, bearer(boss))).code != "forbidden", "\(method) \(path)")
        }
    }

    @Test func `an idempotency key is one client's`() throws {
        func submit(_ token: String) throws -> TestResponse {
            var fields = bearer(token)
            fields["Idempotency-Key"] = "k"
            return try api.ask(.post("/v1/videos/generations", APIHarness.job, fields))
        }
        let first = try submit(ann)
        let operators = try submit(boss)
        #expect(operators.status == 200 && operators.task != first.task)
        #expect(try submit(ann).task == first.task)
    }

    @Test func `a client uses the models that it may use`() throws {
        let refused = try api.ask(.post("/v1/videos/generations", APIHarness.job, bearer(bob)))
        #expect(refused.verdict == "403 model_not_allowed -")
        let allowed = try api.ask(
            .post("/v1/videos/generations", #"{"model":"google/veo-3.1","prompt":"x"}"#, bearer(bob)))
        #expect(allowed.status == 200)
    }

    @Test func `a revoked token is refused by the next request`() throws {
        let id = try #require(try api.ask(.post("/v1/videos/generations", APIHarness.job, bearer(ann))).task)
        #expect(try api.ask(.get("/v1/tasks/\(id)", bearer(ann))).status == 200)
        _ = try api.ask(.other("DELETE", "/v1/clients/ann", bearer(boss)))
        #expect(try api.ask(.get("/v1/tasks/\(id)", bearer(ann))).status == 401)
    }
}
