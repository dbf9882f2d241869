import Gateway
import GatewayFakes
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

/// Sessions of browsers: a cookie in place of a token.
@Suite struct SessionEndpointTests {
    private let api: APIHarness
    private let ann: String
    private let boss: String

    private static let own = "http://127.0.0.1:8031"

    init() throws {
        api = try APIHarness()
        ann = try Self.add(api, #"{"name":"ann"}"#)
        boss = try Self.add(api, #"{"name":"boss","role":"operator"}"#)
        api.settings.access = .tokens
    }

    private static func add(_ api: APIHarness, _ body: String) throws -> String {
        try #require(try api.ask(.post("/v1/clients", body)).json?["token"]?.string)
    }

    private func signIn(_ token: String, _ fields: [String: String] = [:]) throws -> TestResponse {
        try api.ask(.post("/v1/session", nil, ["Authorization": "Bearer \(token)"].merging(fields) { $1 }))
    }

    /// The cookie as a browser sends it.
    private func cookie(of token: String) throws -> String {
        let set = try #require(try signIn(token)["Set-Cookie"])
        return String(set.prefix { $0 != ";" })
    }

    private func submit(_ fields: [String: String]) throws -> TestResponse {
        try api.ask(.post("/v1/videos/generations", APIHarness.job, fields))
    }

    @Test func `a session is in the audit when it opens and when it ends`() throws {
        let cookie = try cookie(of: ann)
        let fields = ["Cookie": cookie, "Origin": Self.own]
        for _ in 0..<2 { _ = try api.ask(.other("DELETE", "/v1/session", fields)) }
        let records = api.world.store.auditRecords.filter { $0.action != .clientAdd }
        #expect(records.map(\.action) == [.sessionOpen, .sessionClose])
        #expect(records.allSatisfy { $0.actor == "ann" && $0.client == "ann" && $0.decision == .done })
        #expect(records.allSatisfy { $0.detail == nil })
    }

    @Test func `a token is exchanged for a cookie that scripts cannot read`() throws {
        let response = try signIn(ann)
        #expect(response.status == 200)
        #expect(response.json?["object"]?.string == "session")
        #expect(response.json?["client"]?.string == "ann")
        #expect(response.json?["role"]?.string == "submitter")
        let now = api.world.clock.now().seconds
        #expect(response.json?["expires"]?.integer == now + 12 * 3600)
        let set = try #require(response["Set-Cookie"])
        #expect(set.hasPrefix("reelgate_session="))
        #expect(set.hasSuffix("; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax"))
        let secret = set.dropFirst("reelgate_session=".count).prefix { $0 != ";" }
        #expect(secret.utf8.count == 52)
        #expect(!response.text.contains(secret) && !set.contains("rg_"))
        #expect(response["Cache-Control"] == "no-store")
    }

    @Test func `the cookie stands for the token, with its rights and no more`() throws {
        let mine = try cookie(of: ann)
        let task = try #require(try submit(["Cookie": mine, "Origin": Self.own]).task)
        let seen = try api.ask(.get("/v1/tasks/\(task)", ["Cookie": "theme=dark; \(mine)"]))
        #expect(seen.json?["gateway"]?["client"]?.string == "ann")
        #expect(try api.ask(.get("/v1/clients", ["Cookie": mine])).code == "forbidden")
        let operators = try cookie(of: boss)
        #expect(try api.ask(.get("/v1/clients", ["Cookie": operators])).status == 200)
        let other = try Self.addLater(api, boss, "bob")
        #expect(try api.ask(.get("/v1/tasks/\(task)", ["Cookie": try cookie(of: other)])).status == 404)
    }

    private static func addLater(_ api: APIHarness, _ boss: String, _ name: String) throws -> String {
        let added = try api.ask(
            .post("/v1/clients", #"{"name":"\#(name)"}"#, ["Authorization": "Bearer \(boss)"]))
        return try #require(added.json?["token"]?.string)
    }

    @Test(arguments: [
        (["Origin": own], true), (["Sec-Fetch-Site": "same-origin"], true),
        (["Origin": own, "Sec-Fetch-Site": "same-origin"], true), (["Origin": "HTTP://127.0.0.1:8031"], true),
        ([:], false), (["Sec-Fetch-Site": "none"], false), (["Sec-Fetch-Site": "same-site"], false),
        (["Sec-Fetch-Site": "cross-site"], false), (["Sec-Fetch-Site": "Same-Origin"], false),
        (["Origin": "http://127.0.0.1:9999"], false), (["Origin": "http://127.0.0.1"], false),
        (["Origin": "null"], false), (["Origin": "https://evil.example"], false),
        (["Origin": "null", "Sec-Fetch-Site": "same-origin"], false),
        (["Origin": "http://127.0.0.1:8031.evil.example"], false),
        (["Origin": "http://127.0.0.1:8031@evil.example"], false),
        (["Origin": "http://127.0.0.1:8031/"], false), (["Origin": "\(own), https://evil.example"], false),
        (["Origin": own, "Sec-Fetch-Site": "cross-site"], false),
    ])
    func `a request with a cookie that is no read must come from a page of the gateway`(
        _ fields: [String: String], _ isServed: Bool
    ) throws {
        var fields = fields
        fields["Cookie"] = try cookie(of: ann)
        let response = try submit(fields)
        #expect(response.status == (isServed ? 200 : 403), "\(fields)")
        #expect(response.code == (isServed ? nil : "cross_site"), "\(fields)")
        if fields.count == 1 { #expect(response.text.contains("send its Origin or Sec-Fetch-Site")) }
        for method in ["DELETE", "PATCH", "PUT", "OPTIONS"] {
            let status = try api.ask(.other(method, "/v1/tasks", fields)).status
            #expect((status == 403) == !isServed, "\(method): \(status)")
        }
        fields["Cookie"] = "reelgate_session=unknown"
        let unknown = try submit(fields)
        #expect(unknown.status == (isServed ? 401 : 403))
        #expect(unknown.text.contains("sign in again") == isServed)
    }

    @Test func `a read needs the cookie only`() throws {
        let mine = try cookie(of: ann)
        for method in ["GET", "HEAD"] {
            #expect(try api.ask(.other(method, "/v1/tasks", ["Cookie": mine])).status == 200)
        }
    }

    @Test(arguments: [
        ("same-origin", "no-cors", "video", true), ("none", "navigate", "document", true),
        ("same-site", "navigate", "document", true), ("same-site", "no-cors", "video", false),
        ("same-site", "cors", "empty", false), ("same-site", "navigate", "iframe", false),
    ])
    func `a page of another port embeds nothing that needs the session`(
        _ site: String, _ mode: String, _ destination: String, _ isServed: Bool
    ) throws {
        var fields = ["Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination]
        fields["Cookie"] = try cookie(of: ann)
        #expect(try api.ask(.get("/v1/tasks", fields)).status == (isServed ? 200 : 403))
    }

    @Test func `of a token and a cookie the token decides`() throws {
        let operators = try cookie(of: boss)
        let fields = ["Cookie": operators, "Authorization": "Bearer \(ann)"]
        #expect(try api.ask(.get("/v1/clients", fields)).code == "forbidden")
        #expect(try submit(fields).status == 200)
        for wrong in ["Bearer rg_wrong", "Basic YTpi", "Bearer"] {
            #expect(
                try api.ask(.get("/v1/tasks", ["Cookie": operators, "Authorization": wrong])).status == 401)
        }
    }

    @Test(arguments: [
        "reelgate_session=", "reelgate_session", "reelgate_session=x", "Reelgate_session=SECRET",
        "reelgate_session =SECRET", "xreelgate_session=SECRET", "__Host-reelgate_session=SECRET",
        "other=reelgate_session=SECRET", "reelgate_session=\"SECRET\"", "reelgate_session=SECRET,",
        "reelgate_session=SECRETx",
    ])
    func `another cookie is no session`(_ form: String) throws {
        let secret = try cookie(of: ann).replacing("reelgate_session=", with: "")
        #expect(
            try api.ask(.get("/v1/tasks", ["Cookie": form.replacing("SECRET", with: secret)])).status == 401)
    }

    @Test func `two different sessions are none: a page of another port may have set one`() throws {
        let mine = try cookie(of: ann)
        let operators = try cookie(of: boss)
        #expect(try api.ask(.get("/v1/tasks", ["Cookie": "\(mine); \(mine)"])).status == 200)
        for pair in ["\(mine); \(operators)", "\(operators);\(mine)", "\(mine); reelgate_session="] {
            let response = try api.ask(.get("/v1/tasks", ["Cookie": pair]))
            #expect(response.status == 401)
            #expect(response.json?["detail"]?.string?.contains("two different session cookies") == true)
            #expect(try submit(["Cookie": pair]).status == 403)
        }
        // HTTP/2 may split them into fields.
        for (first, second, status) in [(mine, operators, 401), ("a=b", mine, 200), (mine, mine, 200)] {
            var request = TestRequest.get("/v1/tasks", ["Cookie": first])
            request.request.head.fields.append("Cookie", second)
            #expect(try api.ask(request).status == status)
        }
    }

    @Test func `over TLS the cookie is bound to the host, and no other one counts`() throws {
        var request = TestRequest.post("/v1/session", nil, ["Authorization": "Bearer \(ann)"])
        request.request.context.secure = true
        let set = try #require(try api.ask(request)["Set-Cookie"])
        #expect(set.hasPrefix("__Host-reelgate_session=") && set.hasSuffix("; SameSite=Lax; Secure"))
        #expect(set.contains("; Path=/; ") && !set.contains("Domain"))
        let mine = String(set.prefix { $0 != ";" })
        for (cookie, status) in [
            (mine, 200), (mine.replacing("__Host-", with: ""), 401),
            ("\(mine); \(try cookie(of: boss))", 200),
        ] {
            var request = TestRequest.get("/v1/tasks", ["Cookie": cookie])
            request.request.context.secure = true
            #expect(try api.ask(request).status == status, "\(cookie)")
        }
        var plain = TestRequest.post(
            "/v1/videos/generations", APIHarness.job, ["Cookie": mine, "Origin": "http://127.0.0.1:9000"])
        plain.request.head.authority = "127.0.0.1:9000"
        plain.request.context.secure = true
        #expect(try api.ask(plain).status == 403, "a page without TLS on the same host and port")
        plain.request.head.fields = HTTPFields()
        for (name, value) in [
            ("Cookie", mine), ("Origin", "https://127.0.0.1:9000"), ("Content-Type", "application/json"),
        ] { plain.request.head.fields.append(name, value) }
        #expect(try api.ask(plain).status == 200)
    }

    @Test func `behind a proxy with TLS the cookie is as over TLS`() throws {
        api.settings.publicURL = "https://gate.example"
        let host = ["Host": "gate.example", "Origin": "https://gate.example"]
        let set = try #require(try signIn(ann, host)["Set-Cookie"])
        #expect(set.hasPrefix("__Host-reelgate_session=") && set.hasSuffix("; Secure"))
        var fields = host
        fields["Cookie"] = String(set.prefix { $0 != ";" })
        #expect(try submit(fields).status == 200)
        fields["Origin"] = "http://gate.example"
        // The scheme counts: a page that came without TLS may be anybody's.
        #expect(try submit(fields).status == 403)
        api.settings.allowedHosts = ["other.example"]
        let other = ["Host": "other.example", "Origin": "https://other.example"]
        let further = try #require(try signIn(ann, other)["Set-Cookie"])
        #expect(further.hasPrefix("reelgate_session=") && further.hasSuffix("; Secure"))
    }

    @Test func `signing out ends the session and deletes the cookie`() throws {
        let mine = try cookie(of: ann)
        #expect(try api.ask(.other("DELETE", "/v1/session", ["Cookie": mine])).code == "cross_site")
        let response = try api.ask(.other("DELETE", "/v1/session", ["Cookie": mine, "Origin": Self.own]))
        #expect(response.status == 204)
        #expect(
            response["Set-Cookie"] == "reelgate_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax")
        #expect(try api.ask(.get("/v1/tasks", ["Cookie": mine])).status == 401)
        #expect(
            try api.ask(.other("DELETE", "/v1/session", ["Authorization": "Bearer \(ann)"])).status == 204)
    }

    @Test func `a session ends with its token and after twelve hours, and changes with its client`() throws {
        let mine = try cookie(of: ann)
        let operators = try cookie(of: boss)
        let operate = ["Authorization": "Bearer \(boss)"]
        _ = try api.ask(.other("PATCH", "/v1/clients/ann", operate, body: #"{"role":"operator"}"#))
        #expect(try api.ask(.get("/v1/clients", ["Cookie": mine])).status == 200)
        _ = try api.ask(.other("DELETE", "/v1/clients/ann", operate))
        #expect(try api.ask(.get("/v1/tasks", ["Cookie": mine])).status == 401)
        #expect(try api.ask(.get("/v1/tasks", ["Cookie": operators])).status == 200)
        api.world.pass(.seconds(12 * 3600))
        #expect(try api.ask(.get("/v1/tasks", ["Cookie": operators])).status == 401)
    }

    @Test func `a session is opened with a valid token only, and replaces the browser's former one`() throws {
        let mine = try cookie(of: ann)
        for fields in [
            ["Cookie": mine, "Origin": Self.own], ["Authorization": "Bearer rg_wrong"],
            ["Authorization": "Bearer \(mine.dropFirst("reelgate_session=".count))"], [:],
        ] {
            let response = try api.ask(.post("/v1/session", nil, fields))
            #expect(response.status == 401)
            #expect(response["Set-Cookie"] == nil)
        }
        let set = try #require(try signIn(ann, ["Cookie": mine])["Set-Cookie"])
        let next = String(set.prefix { $0 != ";" })
        #expect(next != mine)
        #expect(try api.ask(.get("/v1/tasks", ["Cookie": mine])).status == 401)
        #expect(try api.ask(.get("/v1/tasks", ["Cookie": next])).status == 200)
    }

    @Test func `a session that cannot be stored is 503`() throws {
        api.world.store.fail(with: .unavailable("the disk failed"))
        let response = try signIn(ann)
        #expect(response.verdict == "503 store_unavailable -")
        #expect(response["Set-Cookie"] == nil)
    }

    @Test func `while access is open there are no sessions`() throws {
        api.settings.access = .open
        #expect(try signIn(ann).code == "not_found")
        #expect(try api.ask(.other("DELETE", "/v1/session")).code == "not_found")
    }
}
