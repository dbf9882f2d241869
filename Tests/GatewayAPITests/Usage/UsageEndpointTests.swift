import Gateway
import GatewayFakes
import HTTPServing
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

@Suite struct UsageEndpointTests {
    private let api: APIHarness

    init() throws {
        api = try APIHarness()
        _ = try api.ask(
            .post(
                "/v1/clients",
                """
                {"name":"studio","limits":{"in_flight":4,"jobs_per_day":9},
                 "budget":{"microdollars":5000000,"per":"day"}}
                """))
        try admit(price: 960_000, for: "studio")
        try admit(price: 80_000, for: "desk")
    }

    private func admit(price: Int64, for client: String) throws {
        let job = VideoJob(model: "google/veo-3.1", payload: Array("{}".utf8), price: price)
        let caller = Caller(client: client, isOperator: false)
        _ = try #require(api.world.run { try await $0.admit(job, for: caller) }.result).get()
    }

    private func ask(
        _ query: String = "", as client: String? = nil, _ fields: [String: String] = [:]
    ) throws -> TestResponse {
        var request = TestRequest.get("/v1/usage\(query)", fields)
        if let client { request.request.context.principal = .client(client, isOperator: false) }
        return try api.ask(request)
    }

    @Test func `a client sees its own sums and limits`() throws {
        let report = try #require(try ask(as: "studio").json)
        let sum: JSONObject = [
            "jobs": 1, "videos": 0, "spent_microdollars": 0, "reserved_microdollars": 960_000,
            "held_microdollars": 0, "accepted": 0, "rejected": 0, "spent_per_accepted_microdollars": nil,
        ]
        var row: JSONObject = ["client": "studio"]
        for member in sum.members { row[member.name] = member.value }
        #expect(report["object"] == "usage" && report["by"] == "client")
        #expect(report["data"] == .array([.object(row)]))
        #expect(report["total"] == .object(sum))
        let now = api.world.clock.now()
        let day = SpendingPeriod.day(of: now).end.seconds
        let client: JSONValue = [
            "client": "studio",
            "budget": [
                "microdollars": 5_000_000, "per": "day", "spent_microdollars": 0,
                "reserved_microdollars": 960_000, "held_microdollars": 0, "left_microdollars": 4_040_000,
                "resets": .integer(day),
            ],
            "in_flight": ["limit": 4, "used": 1],
            "jobs_per_day": ["limit": 9, "used": 1, "resets": .integer(day)],
            "requests_per_minute": ["limit": nil],
        ]
        #expect(report["clients"] == .array([client]))
        #expect(report["since"]?.integer == SpendingPeriod.month(of: now).start.seconds)
    }

    @Test func `an operator sees everyone, or one client`() throws {
        let all = try #require(try ask().json)
        #expect(all["data"]?.array?.map { $0["client"]?.string } == ["desk", "studio"])
        #expect(all["clients"]?.array?.map { $0["client"]?.string } == ["desk", "studio"])
        #expect(all["total"]?["reserved_microdollars"] == 1_040_000)
        let one = try #require(try ask("?client=desk&by=model").json)
        #expect(one["data"]?.array?.map { $0["model"]?.string } == ["google/veo-3.1"])
        #expect(one["clients"]?.array?.map { $0["client"]?.string } == ["desk"])
    }

    @Test func `a client cannot see another one`() throws {
        #expect(try ask("?client=desk", as: "studio").code == "forbidden")
        #expect(try ask("?client=studio", as: "studio").status == 200)
    }

    @Test func `sums are available as comma-separated values`() throws {
        let response = try ask(["Accept": "text/csv"])
        #expect(response["Content-Type"] == "text/csv; charset=utf-8")
        #expect(response["Vary"] == "Accept")
        #expect(
            response.text
                == "client,jobs,videos,spent_usd,reserved_usd,held_usd,accepted,rejected,"
                + "spent_per_accepted_usd\r\n"
                + "desk,1,0,0.00,0.08,0.00,0,0,\r\n"
                + "studio,1,0,0.00,0.96,0.00,0,0,\r\n")
        #expect(try ask(["Accept": "text/csv;q=0.5, application/json"]).json != nil)
        #expect(try ask(["Accept": "*/*"]).json != nil)
    }

    private func ask(_ fields: [String: String]) throws -> TestResponse { try ask("", as: nil, fields) }

    @Test(arguments: ["by=week", "since=yesterday", "client=", "limit=1"])
    func `a wrong parameter is 400`(_ query: String) throws {
        #expect(try ask("?\(query)").code == "bad_request")
    }
}
