import Gateway
import JSONText
import Testing

@testable import GatewayAPI

@Suite struct ClientsEndpointTests {
    private let api: APIHarness

    init() throws { api = try APIHarness() }

    @Test func `a client is added, shown, changed, rotated and revoked`() throws {
        let added = try api.ask(
            .post(
                "/v1/clients",
                """
                {"name":"studio","role":"operator","models":["google/veo-3.1"],"weight":1,
                 "limits":null,"budget":null}
                """))
        #expect(added.status == 201)
        #expect(added["Location"] == "\(APIHarness.publicURL)/v1/clients/studio")
        #expect(added["Cache-Control"] == "no-store")
        let token = try #require(added.json?["token"]?.string)
        #expect(ClientToken.isWellFormed(token))

        let shown = try api.ask(.get("/v1/clients/studio")).json
        #expect(shown?["token"] == nil)
        #expect(shown?["limits"]?["in_flight"] == .null)
        #expect(shown?["budget"] == .null)
        #expect(shown?["weight"] == 1)
        #expect(shown?["tokens"]?.array?.count == 1)

        let changed = try api.ask(
            .other("PATCH", "/v1/clients/studio", body: #"{"role":"submitter"}"#)
        ).json
        #expect(changed?["role"] == "submitter")
        #expect(changed?["models"]?.array?.count == 1)

        let rotated = try api.ask(.post("/v1/clients/studio/rotate", #"{"overlap_seconds":60}"#)).json
        #expect(rotated?["token"]?.string != token)
        #expect(rotated?["tokens"]?.array?.count == 2)
        let revoked = try api.ask(.other("DELETE", "/v1/clients/studio")).json
        #expect(revoked?["tokens"]?.array == [])
        #expect(try api.ask(.get("/v1/clients")).json?["data"]?.array?.count == 1)
        #expect(!(try api.ask(.get("/v1/clients")).text.contains(token)))
    }

    @Test(arguments: [
        ("50", 50_000_000, "50"), ("12.5", 12_500_000, "12.5"), ("0.1", 100_000, "0.1"),
        ("64e-2", 640_000, "0.64"), ("0.000001", 1, "1e-06"), ("0", 0, "0"), ("1.0", 1_000_000, "1"),
        ("999999999.999999", 999_999_999_999_999, "999999999.999999"),
    ])
    func `a budget is given in dollars and shown exactly`(
        _ usd: String, _ microdollars: Int64, _ shown: String
    ) throws {
        let body = #"{"name":"studio","budget":{"usd":\#(usd),"per":"month"}}"#
        #expect(try api.ask(.post("/v1/clients", body)).status == 201)
        let client = try api.ask(.get("/v1/clients/studio"))
        let budget = #""budget":{"usd":\#(shown),"per":"month","microdollars":\#(microdollars)}"#
        #expect(client.text.contains(budget), "\(client.text)")
        // What was read can be sent back.
        let read = #"{"budget":{"usd":\#(shown),"per":"day","microdollars":\#(microdollars)}}"#
        #expect(try api.ask(.other("PATCH", "/v1/clients/studio", body: read)).status == 200)
    }

    @Test(arguments: [
        (#"{}"#, "/name required"), (#"{"name":"Studio"}"#, "/name not_allowed"),
        (#"{"name":7}"#, "/name wrong_type"), (#"{"name":"a","rolle":"operator"}"#, "/rolle unknown_field"),
        (#"{"name":"a","role":"boss"}"#, "/role not_allowed"),
        (#"{"name":"a","models":["veo"]}"#, "/models/0 not_allowed"),
        (#"{"name":"a","models":[]}"#, "/models wrong_type"),
        (#"{"name":"a","limits":{"in_flight":0}}"#, "/limits/in_flight not_allowed"),
        (#"{"name":"a","limits":{"jobs_per_day":1.5}}"#, "/limits/jobs_per_day wrong_type"),
        (#"{"name":"a","budget":{"microdollars":1}}"#, "/budget/per not_allowed"),
        (#"{"name":"a","budget":{"per":"day"}}"#, "/budget/usd required"),
        (#"{"name":"a","budget":{"usd":"5","per":"day"}}"#, "/budget/usd wrong_type"),
        (#"{"name":"a","budget":{"usd":-0.01,"per":"day"}}"#, "/budget/usd not_allowed"),
        (#"{"name":"a","budget":{"usd":0.0000001,"per":"day"}}"#, "/budget/usd not_allowed"),
        (#"{"name":"a","budget":{"usd":1e10,"per":"day"}}"#, "/budget/usd not_allowed"),
        (#"{"name":"a","budget":{"dollars":1,"usd":1,"per":"day"}}"#, "/budget/dollars unknown_field"),
        (
            #"{"name":"a","budget":{"usd":1,"microdollars":2,"per":"day"}}"#,
            "/budget/microdollars not_allowed"
        ),
        (#"{"name":"a","budget":{"microdollars":-1,"per":"day"}}"#, "/budget/microdollars not_allowed"),
        (#"{"name":"a","weight":101}"#, "/weight not_allowed"), (#"[]"#, " invalid_parameters"),
    ])
    func `a body with an issue changes nothing`(_ body: String, _ expected: String) throws {
        let response = try api.ask(.post("/v1/clients", body))
        #expect(response.status == 422)
        let issues = response.json?["errors"]?.array ?? []
        let found = issues.map { "\($0["pointer"]?.string ?? "-") \($0["code"]?.string ?? "-")" }
        #expect(found.contains(expected), "\(found)")
        #expect(try api.ask(.get("/v1/clients")).json?["data"]?.array == [])
    }

    @Test func `a name that exists is 409, one that does not is 404`() throws {
        _ = try api.ask(.post("/v1/clients", #"{"name":"a"}"#))
        #expect(try api.ask(.post("/v1/clients", #"{"name":"a"}"#)).code == "client_exists")
        for request in [
            TestRequest.get("/v1/clients/b"), .other("DELETE", "/v1/clients/b"),
            .other("PATCH", "/v1/clients/b", body: "{}"), .post("/v1/clients/b/rotate"),
        ] {
            #expect(try api.ask(request).code == "not_found")
        }
    }
}
