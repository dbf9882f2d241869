import HTTPServing
import HTTPWire
import JSONText
import Testing

@testable import GatewayAPI

/// Pages of listed origins, and of others.
@Suite struct CrossOriginSharingTests {
    private let api: APIHarness
    private let token: String
    private static let studio = "https://studio.example.com"

    init() throws {
        api = try APIHarness()
        token = try #require(try api.ask(.post("/v1/clients", #"{"name":"ann"}"#)).json?["token"]?.string)
        api.settings.access = .tokens
        api.settings.sharedOrigins = try [
            #require(WebOrigin(Self.studio)), #require(WebOrigin("http://localhost:3000")),
        ]
    }

    private func page(_ origin: String, _ fields: [String: String] = [:]) -> [String: String] {
        ["Origin": origin, "Sec-Fetch-Site": "cross-site", "Authorization": "Bearer \(token)"]
            .merging(fields) { $1 }
    }

    private func preflight(
        _ origin: String, _ path: String, _ host: String = "127.0.0.1:8031"
    ) throws
        -> TestResponse
    {
        try api.ask(
            .other(
                "OPTIONS", path,
                [
                    "Host": host, "Origin": origin, "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "authorization,content-type",
                    "Sec-Fetch-Site": "cross-site",
                ]))
    }

    @Test func `a page of a listed origin sends jobs with a token, and reads responses`() throws {
        for origin in [Self.studio, "http://localhost:3000"] {
            let sent = try api.ask(.post("/v1/videos/generations", APIHarness.job, page(origin)))
            #expect(sent.status == 200)
            let task = try #require(sent.task)
            for response in [
                sent, try api.ask(.get("/v1/tasks/\(task)", page(origin))),
                try api.ask(.get("/v1/tasks/none", page(origin))),
                try api.ask(.get("/v1/tasks", page(origin, ["Authorization": "Bearer rg_wrong"]))),
                try api.ask(.get("/", page(origin))),
            ] {
                #expect(response["Access-Control-Allow-Origin"] == origin)
                #expect(response["Vary"] == "Origin")
                #expect(response["Access-Control-Expose-Headers"]?.contains("ETag") == true)
                #expect(response["Access-Control-Allow-Credentials"] == nil)
            }
        }
    }

    @Test func `a preflight of a listed origin needs no token`() throws {
        let response = try preflight(Self.studio, "/v1/videos/generations")
        #expect(response.status == 204)
        #expect(response["Access-Control-Allow-Origin"] == Self.studio)
        #expect(response["Access-Control-Allow-Methods"] == "OPTIONS, POST")
        #expect(response["Access-Control-Allow-Headers"]?.contains("Authorization, Content-Type") == true)
        #expect(response["Access-Control-Max-Age"] == "600")
        #expect(response["Access-Control-Allow-Credentials"] == nil)
        // It asks for nothing else.
        let options = TestRequest.other("OPTIONS", "/v1/tasks", ["Origin": Self.studio])
        #expect(try api.ask(options).status == 401)
        #expect(try preflight(Self.studio, "/v1/tasks", "evil.example").code == "host_not_allowed")
    }

    @Test(arguments: [
        "https://evil.example", "http://studio.example.com", "https://studio.example.com:8443",
        "https://studio.example.com.evil.example", "https://a.studio.example.com", "null",
        "http://localhost:3001", "https://studio.example.com/", "*",
    ])
    func `another origin is rejected and gets no field of CORS`(_ origin: String) throws {
        for response in [
            try preflight(origin, "/v1/videos/generations"),
            try api.ask(.post("/v1/videos/generations", APIHarness.job, page(origin))),
            try api.ask(.get("/v1/tasks", page(origin))),
        ] {
            #expect(response.verdict == "403 cross_site -")
            #expect(response["Access-Control-Allow-Origin"] == nil)
            #expect(response["Vary"] == "Origin")
        }
    }

    @Test func `of two origins none is allowed`() throws {
        var request = TestRequest.get("/v1/tasks", page(Self.studio))
        request.request.head.fields.append("Origin", "https://evil.example")
        let response = try api.ask(request)
        #expect(response.code == "cross_site")
        #expect(response["Access-Control-Allow-Origin"] == nil)
    }

    @Test func `sessions are for the gateway's own pages`() throws {
        #expect(try preflight(Self.studio, "/v1/session").code == "cross_site")
        let signIn = try api.ask(.post("/v1/session", nil, page(Self.studio)))
        #expect(signIn.code == "cross_site")
        #expect(signIn["Set-Cookie"] == nil)
        let set = try api.ask(.post("/v1/session", nil, ["Authorization": "Bearer \(token)"]))["Set-Cookie"]
        let cookie = try #require(set).prefix { $0 != ";" }
        // A sibling host is the same site, so its requests carry the cookie.
        let fields = ["Origin": Self.studio, "Sec-Fetch-Site": "same-site", "Cookie": String(cookie)]
        #expect(
            try api.ask(.post("/v1/videos/generations", APIHarness.job, fields)).verdict
                == "403 cross_site -")
    }

    @Test func `without a listed origin no response has a field of CORS`() throws {
        api.settings.sharedOrigins = []
        let own = try api.ask(.get("/v1/tasks", page("http://127.0.0.1:8031", ["Sec-Fetch-Site": "none"])))
        #expect(own.status == 200)
        for response in [own, try preflight(Self.studio, "/v1/tasks")] {
            for field in ["Vary", "Access-Control-Allow-Origin", "Access-Control-Allow-Methods"] {
                #expect(response[field] == nil)
            }
        }
        #expect(try preflight(Self.studio, "/v1/tasks").code == "cross_site")
    }
}
