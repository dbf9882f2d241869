import GatewayAPI
import GatewayFakes
import HTTPServing
import HTTPWire
import JSONText
import Testing
import VideoJobs

@Suite struct PagesTests {
    let api: APIHarness

    init() throws { api = try APIHarness() }

    @Test func `the index lists the endpoints`() throws {
        let page = try api.ask(.get("/"))
        #expect(page.status == 200)
        #expect(page.json?["name"]?.string == "reelgate")
        #expect(page.json?["links"]?["submit"]?.string == "\(APIHarness.publicURL)/v1/videos/generations")
    }

    @Test func `every link of the index works`() throws {
        let links = try #require(try api.ask(.get("/")).json?["links"]?.object)
        let id = try #require(try api.submit().task)
        for link in links.members {
            let path = try #require(link.value.string).dropFirst(APIHarness.publicURL.count)
            let response = try api.ask(.get(String(path).replacing("{id}", with: id)))
            #expect(response.status != 404, "\(link.name)")
        }
    }

    @Test func `readiness reports a rejected key, and health does not`() throws {
        #expect(try api.ask(.get("/healthz")).text == #"{"status":"ok"}"#)
        #expect(try api.ask(.get("/readyz")).text == #"{"status":"ready"}"#)
        api.provider.respond(
            with: .notAccepted(.credentialsRejected, retryAfter: nil, message: "who are you"))
        _ = try api.submit()
        let response = try api.ask(.get("/readyz"))
        #expect(response.verdict == "503 provider_credentials_rejected -")
        #expect(response["Retry-After"] != nil)
        let reasons = response.json?["errors"]?.array?.compactMap { $0["code"]?.string }
        #expect(reasons == ["provider_credentials_rejected"])
        #expect(try api.ask(.get("/healthz")).status == 200)
    }

    @Test func `a rate limit of the provider does not affect readiness`() throws {
        api.provider.respond(with: .notAccepted(.rateLimited, retryAfter: .seconds(60), message: "slow down"))
        let asked = api.start(.post("/v1/videos/generations", APIHarness.job))
        #expect(try api.ask(.get("/readyz")).status == 200)
        api.world.pass(.seconds(15))
        #expect(asked.result?.status == 200)
        #expect(asked.result?.state == "queued")
    }

    @Test func `models are served as a list and one by one`() throws {
        let list = try #require(try api.ask(.get("/v1/models")).json)
        #expect(list["object"]?.string == "list")
        let models = try #require(list["data"]?.array)
        #expect(models.compactMap { $0["id"]?.string } == ["veo-3.1-reference-to-video", "google/veo-3.1"])
        for model in models {
            let id = try #require(model["id"]?.string).replacing("/", with: "%2F")
            #expect(try api.ask(.get("/v1/models/\(id)")).json == model)
            #expect(api.respondsAtOnce(.get("/v1/models/\(id)")))
            #expect(model["object"]?.string == "model")
            #expect(model["parameters"]?["properties"]?["prompt"] != nil)
        }
        #expect(
            models[0]["prices"] == [
                ["usd": "0.20", "per": "second", "resolution": "720p", "audio": false],
                ["usd": "1.234567", "per": "video", "resolution": nil, "audio": nil],
            ])
    }

    @Test func `a page that the client has is 304`() throws {
        for path in ["/", "/v1/models", "/v1/models/veo-3.1-reference-to-video"] {
            let first = try api.ask(.get(path))
            let tag = try #require(first["ETag"])
            #expect(first["Cache-Control"] == "no-cache")
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try api.ask(.get(path, ["If-None-Match": known]))
                #expect(again.status == 304 && again.text.isEmpty && again["ETag"] == tag)
                #expect(again["Content-Type"] == nil)
                #expect(api.respondsAtOnce(.get(path, ["If-None-Match": known])))
            }
            #expect(try api.ask(.head(path, ["If-None-Match": tag])).status == 304)
            #expect(try api.ask(.get(path, ["If-None-Match": "\"other\""])).status == 200)
            #expect(try api.ask(.get(path, ["If-Match": "\"other\""])).status == 412)
        }
        let tags = try ["/v1/models", "/v1/models/google%2Fveo-3.1"].map { try api.ask(.get($0))["ETag"] }
        #expect(tags[0] != tags[1])
    }

    @Test func `a mistyped model is 404 with the nearest name`() throws {
        let response = try api.ask(.get("/v1/models/veo-3.1-referense-to-video"))
        #expect(response.verdict == "404 not_found -")
        let hint = response.json?["errors"]?.array?.first?["hint"]?.string
        #expect(hint == "did you mean veo-3.1-reference-to-video?")
    }

    @Test func `a request that the HTTP layer rejects has the same problem format`() {
        let handler = api.handler
        let error = HTTPError(status: 431, code: "headers_too_large", message: "The header is too long.")
        let response = TestResponse(handler.reject(error, RequestContext(requestID: "req-9")))
        #expect(response.verdict == "431 headers_too_large -")
        #expect(response.json?["request_id"]?.string == "req-9")
    }

    @Test func `an undecodable path is 400, and OPTIONS allows no other origin`() throws {
        #expect(try api.ask(.get("/v1/models/%zz")).verdict == "400 bad_request -")
        let response = try api.ask(.other("OPTIONS", "/v1/tasks"))
        #expect(response.status == 204)
        #expect(response["Allow"] == "GET, HEAD, OPTIONS")
        #expect(response["Access-Control-Allow-Origin"] == nil)
        let asterisk = try api.ask(.other("OPTIONS", "*"))
        #expect(asterisk["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, POST")
        let preflight = TestRequest.other("OPTIONS", "/v1/tasks", ["Origin": "https://evil.example"])
        #expect(try api.ask(preflight).verdict == "403 cross_site -")
    }

    @Test func `a body with a too large Content-Length is rejected before it is received`() throws {
        var request = TestRequest.post("/v1/videos/generations", APIHarness.job)
        request.request.head.contentLength = 65537
        #expect(try api.ask(request).verdict == "413 body_too_large -")
        // A body of unknown length is collected up to the limit.
        request.request.head.contentLength = nil
        let disposition = api.handler.handle(request.request.head, request.request.context)
        guard case .collect(let limit, _) = disposition.action else {
            Issue.record("rejected")
            return
        }
        #expect(limit == 65536)
    }
}
