import Gateway
import GatewayFakes
import HTTPServing
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

@Suite struct AuditEndpointTests {
    private let api: APIHarness

    init() throws { api = try APIHarness() }

    private func records(_ query: String = "") throws -> [JSONValue] {
        let response = try api.ask(.get("/v1/audit\(query)"))
        #expect(response.status == 200)
        return response.json?["data"]?.array ?? []
    }

    @Test func `a record says who did what and what was decided`() throws {
        let task = try #require(try api.submit(["Prefer": "respond-async"]).task)
        let record = try #require(try records().first)
        let expected: JSONValue = [
            "object": "audit_record", "id": 1, "at": record["at"] ?? nil, "actor": "open",
            "request_id": "req-1", "action": "submit", "decision": "admitted", "client": "open",
            "task": .string(task), "price": nil,
            "detail": "model veo-3.1-reference-to-video",
        ]
        #expect(record == expected)
        #expect(record["at"]?.integer == api.world.clock.now().seconds)
    }

    @Test func `a refused job is recorded with its code, an invalid one is not`() throws {
        _ = try api.ask(.post("/v1/clients", #"{"name":"studio","models":["google/veo-3.1"]}"#))
        var request = TestRequest.post("/v1/videos/generations", APIHarness.job)
        request.request.context.principal = .client("studio", isOperator: false)
        #expect(try api.ask(request).code == "model_not_allowed")
        #expect(try api.submit(body: "{}").status == 422)
        let found = try records("?client=studio").map { $0["decision"]?.string }
        #expect(found == ["model_not_allowed", "done"])
    }

    @Test func `refused actions of operators and of others are recorded with what they were about`() throws {
        let task = try #require(try api.submit(["Prefer": "respond-async"]).task)
        for (method, path, body) in [
            ("POST", "/v1/tasks/\(task)/dismiss", "{}"), ("POST", "/v1/tasks/\(task)/cancel", "{}"),
            ("POST", "/v1/tasks/none/cancel", "{}"), ("POST", "/v1/tasks/\(task)/redeliver", "{}"),
            ("DELETE", "/v1/clients/lab", "{}"),
            ("PATCH", "/v1/clients/rg_secret%20text", "{}"),
            ("POST", "/v1/submission/resume", #"{"reason":"spend"}"#),
            ("POST", "/v1/clients", #"{"nme":"x"}"#),
        ] {
            #expect(try api.ask(.other(method, path, body: body)).status >= 400, "\(path)")
        }
        var request = TestRequest.post("/v1/tasks/\(task)/resubmit", "{}")
        request.request.context.principal = .client("studio", isOperator: false)
        #expect(try api.ask(request).code == "forbidden")
        #expect(try api.ask(.get("/v1/tasks/none")).status == 404, "reading is no action")
        let found = try records().dropLast().reversed().map { record in
            ["actor", "action", "decision", "task", "client"].map { record[$0]?.string ?? "-" }
                .joined(separator: " ")
        }
        #expect(
            found == [
                "open dismiss not_uncertain \(task) open", "open cancel cannot_cancel \(task) open",
                "open cancel not_found - -", "open redeliver not_ready \(task) open",
                "open client_revoke not_found - -",
                "open client_set not_found - -", "open resume not_paused - -",
                "studio resubmit forbidden \(task) open",
            ])
        let details = try records().compactMap { $0["detail"]?.string }
        #expect(details.contains("client lab: there is no such client"))
        #expect(!details.joined().contains("secret"))
    }

    @Test func `pages are linked`() throws {
        for name in ["a", "b", "c"] { _ = try api.ask(.post("/v1/clients", #"{"name":"\#(name)"}"#)) }
        let first = try #require(try api.ask(.get("/v1/audit?limit=2")).json)
        #expect(first["object"] == "list" && first["has_more"] == true && first["next"] == "2")
        let second = try #require(try api.ask(.get("/v1/audit?limit=2&after=2")).json)
        #expect(second["has_more"] == false && second["next"] == .null)
        let clients = [first, second].flatMap { $0["data"]?.array ?? [] }.map { $0["client"]?.string }
        #expect(clients == ["c", "b", "a"])
        let later = api.world.clock.now().seconds + 1
        #expect(try records("?since=\(later)").isEmpty)
        #expect(try records("?since=\(later - 1)").count == 3)
    }

    @Test(arguments: ["limit=0", "limit=1001", "since=yesterday", "after=0", "client=", "actor=a"])
    func `a wrong parameter is 400`(_ query: String) throws {
        #expect(try api.ask(.get("/v1/audit?\(query)")).code == "bad_request")
    }

    @Test func `only an operator may read it`() throws {
        var request = TestRequest.get("/v1/audit")
        request.request.context.principal = .client("studio", isOperator: false)
        #expect(try api.ask(request).code == "forbidden")
    }
}
