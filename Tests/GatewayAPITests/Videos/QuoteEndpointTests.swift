import Gateway
import GatewayFakes
import GatewayProtocol
import HTTPServing
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

/// Quotes: what a job would cost, and why it would be refused.
@Suite struct QuoteEndpointTests {
    private let api: APIHarness
    private static let price: Int64 = 1_234_567

    init() throws {
        var settings = GatewaySettings()
        settings.maxInFlight = 1
        // Without the price that depends on the duration, which the job leaves open.
        let perSecond = #"{"usd":"0.20","per":"second","resolution":"720p","audio":false},"#
        api = try APIHarness(gateway: settings, models: APIHarness.models.replacing(perSecond, with: ""))
    }

    private func quote(_ job: String, _ fields: [String: String] = [:]) throws -> TestResponse {
        try api.ask(.post("/v1/videos/quote", job, fields))
    }

    private func add(_ body: String) throws -> [String: String] {
        let token = try api.ask(.post("/v1/clients", body)).json?["token"]?.string
        return ["Authorization": "Bearer \(try #require(token))"]
    }

    @Test func `a quote has price, position and estimate, and stores and sends nothing`() throws {
        let first = try quote(APIHarness.job)
        #expect(
            first.text
                == #"{"object":"quote","price":{"microdollars":1234567},"budget":null,"#
                + #""queue_position":null,"estimated_time":45,"errors":[]}"#)
        #expect(first.status == 200 && first["Cache-Control"] == "no-store")
        #expect(api.provider.created.isEmpty && api.world.store.durable.isEmpty)
        for _ in 0..<3 { _ = try api.submit(["Prefer": "respond-async"]) }
        #expect(try quote(APIHarness.job).json?["queue_position"] == 3)
        // Another client has its turn before the third job.
        var other = TestRequest.post("/v1/videos/quote", APIHarness.job)
        other.request.context.principal = .operatorSocket(uid: 7)
        #expect(try api.ask(other).json?["queue_position"] == 2)
        #expect(api.world.store.durable.count == 3)
    }

    @Test func `an invalid job is 200 with every issue, as the submission would list them`() throws {
        for job in [
            #"{"model":"veo-3.1-reference-to-video","promt":"a","reference_image_urls":[]}"#,
            #"{"model":"nothing","prompt":"a"}"#, #"{"prompt":"a"}"#, "[]",
        ] {
            let quoted = try quote(job)
            let submitted = try api.ask(.post("/v1/videos/generations", job))
            #expect(quoted.status == 200 && submitted.status == 422)
            #expect(quoted.json?["errors"] == submitted.json?["errors"])
            #expect(quoted.json?["errors"]?.array?.isEmpty == false)
            #expect(quoted.json?["price"] == .null && quoted.json?["queue_position"] == .null)
        }
        #expect(try quote("{").code == "malformed_json")
        #expect(
            try api.ask(.post("/v1/videos/quote", APIHarness.job, ["Content-Type": "text/plain"])).status
                == 415)
    }

    @Test func `limits of the client are listed with the code of the submission`() throws {
        let ann = try add(
            #"{"name":"ann","budget":{"microdollars":2000000,"per":"day"},"models":["google/veo-3.1"]}"#)
        let bob = try add(#"{"name":"bob","budget":{"microdollars":2000000,"per":"day"}}"#)
        api.settings.access = .tokens
        let forbidden = try quote(APIHarness.job, ann)
        #expect(forbidden.json?["errors"]?.array?.map { $0["code"]?.string } == ["model_not_allowed"])
        let before = try quote(APIHarness.job, bob)
        #expect(before.json?["errors"]?.array == [])
        #expect(before.json?["budget"]?["before_microdollars"] == 2_000_000)
        #expect(before.json?["budget"]?["after_microdollars"] == .integer(2_000_000 - Self.price))
        #expect(try api.ask(.post("/v1/videos/generations", APIHarness.job, bob)).status == 200)
        let after = try quote(APIHarness.job, bob)
        #expect(after.status == 200)
        #expect(after.json?["budget"]?["before_microdollars"] == .integer(2_000_000 - Self.price))
        #expect(after.json?["budget"]?["after_microdollars"] == .integer(2_000_000 - 2 * Self.price))
        let submitted = try api.ask(.post("/v1/videos/generations", APIHarness.job, bob))
        #expect(submitted.status == 402)
        #expect(after.json?["errors"]?.array?.map { $0["code"]?.string } == [submitted.code])
    }
}
