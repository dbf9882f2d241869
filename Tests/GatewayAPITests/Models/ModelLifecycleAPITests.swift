import Gateway
import GatewayFakes
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

/// What clients learn of deprecated, retired and missing models.
@Suite struct ModelLifecycleAPITests {
    private static let models = """
        {"models":[
          {"id":"old","mode":"text","parameters":[{"prompt":{"type":"string","required":true}}],
           "lifecycle":{"status":"deprecated","since":"2025-01-02","until":"2027-03-04","successor":"a/new"}},
          {"id":"gone","mode":"text","parameters":[{"prompt":{"type":"string","required":true}}],
           "lifecycle":{"status":"retired","since":"2025-01-02","successor":"a/new"}},
          {"id":"strict","mode":"text","parameters":[{"prompt":{"type":"string","required":true}}],
           "on_missing":"refuse","lifecycle":{"successor":"a/new"}},
          {"id":"a/new","mode":"text","parameters":[{"prompt":{"type":"string","required":true}}]}]}
        """

    private let api: APIHarness

    init() throws { api = try APIHarness(models: Self.models) }

    private static func job(_ model: String) -> String { #"{"model":"\#(model)","prompt":"p"}"# }

    private func replaceCatalog(_ edit: (String) -> String) throws {
        let text = Array(edit(Self.models).utf8)
        api.world.gateway.replaceCatalog(with: try ModelCatalog(decoding: try JSONValue(parsing: text)))
    }

    @Test func `a job of a deprecated model is accepted, and response and task say so`() throws {
        let response = try api.submit(body: Self.job("old"))
        #expect(response.status == 200)
        #expect(response["Deprecation"] == "@1735776000")
        #expect(response["Sunset"] == "Thu, 04 Mar 2027 00:00:00 GMT")
        #expect(
            response["Link"] == "<http://127.0.0.1:8031/v1/models/a%2Fnew>; rel=\"successor-version\"")
        let message =
            "the model old is deprecated since 2025-01-02 and is expected to end on 2027-03-04; its "
            + "successor is a/new"
        let id = try #require(response.json?["id"]?.string)
        for task in [response, try api.ask(.get("/v1/tasks/\(id)"))] {
            #expect(
                task.json?["gateway"]?["warnings"]
                    == [["code": "model_deprecated", "message": .string(message)]])
        }
        // Durable: it is the same after a restart, and whatever the catalog says then.
        api.world.restart()
        try replaceCatalog { $0.replacing("deprecated", with: "active") }
        let later = try api.ask(.get("/v1/tasks/\(id)"))
        #expect(later.json?["gateway"]?["warnings"]?.array?.count == 1)
        #expect(try api.submit(body: Self.job("old"))["Deprecation"] == nil)
    }

    @Test func `an active model has none of the fields`() throws {
        let response = try api.submit(body: Self.job("a/new"))
        for name in ["Deprecation", "Sunset", "Link"] { #expect(response[name] == nil) }
        #expect(response.json?["gateway"]?["warnings"] == nil)
    }

    @Test func `a retired model is refused before any money, and the successor is named`() throws {
        let response = try api.submit(body: Self.job("gone"))
        #expect(response.status == 422 && response.code == "model_retired")
        #expect(response.json?["detail"]?.string?.contains("its successor is a/new") == true)
        let issue = response.json?["errors"]?.array?.first
        #expect(issue?["pointer"] == "/model" && issue?["code"] == "model_retired")
        #expect(issue?["hint"] == "use a/new" && issue?["allowed"] == ["old", "strict", "a/new"])
        let quote = try api.ask(.post("/v1/videos/quote", Self.job("gone")))
        #expect(quote.status == 200)
        #expect(quote.json?["errors"]?.array?.first?["code"] == "model_retired")
        #expect(api.provider.created.isEmpty && api.world.store.durable.isEmpty)
        let deprecated = try api.ask(.post("/v1/videos/quote", Self.job("old")))
        #expect(deprecated.json?["errors"] == [] && deprecated["Deprecation"] == "@1735776000")
    }

    @Test func `a repeated job joins its task although its model was retired meanwhile`() throws {
        let key = ["Idempotency-Key": "k"]
        let first = try api.submit(key, body: Self.job("a/new"))
        try replaceCatalog {
            $0.replacing(
                #"{"id":"a/new","mode":"text","#,
                with: #"{"id":"a/new","lifecycle":{"status":"retired"},"mode":"text","#
            ).replacing(#""successor":"a/new""#, with: #""successor":null"#)
        }
        let second = try api.submit(key, body: Self.job("a/new"))
        #expect(second.status == 200 && second["Idempotent-Replayed"] == "true")
        #expect(second.json?["id"] == first.json?["id"])
        #expect(try api.submit(["Idempotency-Key": "other"], body: Self.job("a/new")).code == "model_retired")
        #expect(api.provider.created.count == 1)
    }

    @Test func `jobs that were accepted are sent although their model is retired meanwhile`() throws {
        api.provider.respond(
            with: .notAccepted(.rateLimited, retryAfter: .seconds(5), message: "slow down"))
        let response = try api.submit(["Prefer": "respond-async"], body: Self.job("a/new"))
        try replaceCatalog {
            $0.replacing(
                #"on_missing":"refuse","lifecycle":{"successor":"a/new"}"#,
                with: #"on_missing":"refuse""#
            )
            .replacing(#","successor":"a/new""#, with: "")
            .replacing(#"{"id":"a/new""#, with: #"{"lifecycle":{"status":"retired"},"id":"a/new""#)
        }
        api.world.pass(.seconds(20))
        let id = try #require(response.json?["id"]?.string)
        #expect(try api.ask(.get("/v1/tasks/\(id)")).json?["gateway"]?["state"] == "running")
        #expect(api.provider.created.count == 2)
    }

    @Test func `an uncertain task of a retired model is not sent again`() throws {
        api.provider.respond(with: .unknown(LostReply("cut")))
        let lost = try api.submit(body: Self.job("strict"))
        let id = try #require(lost.json?["task_id"]?.string)
        api.provider.list(["old", "a/new"])
        try replaceCatalog { $0 }
        api.world.pass(.zero)
        let refused = try api.ask(.post("/v1/tasks/\(id)/resubmit", ""))
        #expect(refused.status == 422 && refused.code == "model_retired", "\(refused.text)")
        #expect(try api.ask(.post("/v1/tasks/\(id)/dismiss", "")).status == 200)
        #expect(api.provider.created.count == 1)
    }

    @Test func `a model that the provider does not list is shown, and refused where that is asked for`()
        throws
    {
        #expect(try api.ask(.get("/readyz?verbose")).json == ["status": "ready"])
        api.provider.list(["old", "a/new"])
        api.world.pass(.seconds(24 * 3600))
        let ready = try api.ask(.get("/readyz?verbose"))
        #expect(ready.status == 200 && ready.json?["status"] == "ready")
        let missing =
            "the provider does not list the model strict; its successor is a/new; its jobs are refused"
        #expect(
            ready.json?["warnings"] == [
                [
                    "code": "model_missing",
                    "message": .string(missing),
                ]
            ])
        #expect(try api.ask(.get("/readyz")).json == ["status": "ready"])
        #expect(try api.submit(body: Self.job("strict")).code == "model_retired")
        api.provider.list(nil)
        api.world.pass(.seconds(24 * 3600))
        #expect(try api.submit(body: Self.job("strict")).code == "model_retired")
        api.provider.list(["old", "strict", "a/new"])
        api.world.pass(.seconds(24 * 3600))
        #expect(try api.submit(body: Self.job("strict")).status == 200)
        #expect(try api.ask(.get("/readyz?verbose")).json == ["status": "ready"])
    }

    @Test func `a refusal that says that the model is gone names the successor`() throws {
        api.provider.respond(
            with: .refused(
                FailureReason(code: "model_not_found", message: "no such model: old", httpStatus: 404)))
        let response = try api.submit(body: Self.job("old"))
        #expect(response.code == "provider_refused")
        let id = try #require(response.json?["task_id"]?.string)
        let task = try api.ask(.get("/v1/tasks/\(id)"))
        #expect(
            task.json?["error"]?["message"] == "no such model: old; the successor of old is a/new")
    }

    @Test func `the list of models shows each lifecycle`() throws {
        let list = try api.ask(.get("/v1/models")).json?["data"]?.array ?? []
        #expect(
            list.map { $0["lifecycle"]?["status"]?.string } == ["deprecated", "retired", "active", "active"])
        #expect(
            list.first?["lifecycle"] == [
                "status": "deprecated", "since": "2025-01-02", "until": "2027-03-04", "successor": "a/new",
            ])
        #expect(list.allSatisfy { $0["parameters"]?["additionalProperties"] == false })
    }
}
