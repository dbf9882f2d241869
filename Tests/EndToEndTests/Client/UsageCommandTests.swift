import ArgumentParser
import Glibc
import JSONText
import ProcessTestSupport
import Testing

@testable import Reelgate

/// `reelgate usage`, with a running gateway and without one.
@Suite(.timeLimit(.minutes(3))) struct UsageCommandTests {
    @Test func `usage shows what a client spent and what is left, also when no gateway runs`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.access = "{clients: tokens}" }
        func run(_ arguments: String...) async throws -> FinishedProgram {
            try await Tools.run(
                "reelgate", arguments + ["--config", config], environment: [:], folder: fixture.folder.path)
        }
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let added = try await run("clients", "add", "studio", "--budget-usd", "20", "--per", "month")
        let token = try #require(added.lines.first)
        _ = try await gateway.accepted(
            GatewayUnderTest.exampleJob, ["-H", "Authorization: Bearer \(token)"])
        let own = try await Curl.get("\(gateway.url)/v1/usage", ["-H", "Authorization: Bearer \(token)"])
        let usage = try await run("usage", "--by", "client").json()
        var shared = try #require(usage.object)
        #expect(shared["ceilings"] == ["job": nil, "day": nil], "only an operator sees them")
        shared["ceilings"] = nil
        #expect(try own.json() == .object(shared))
        let budget = try #require(usage["clients"]?.array?.first?["budget"])
        let left = try #require(budget["left_microdollars"]?.integer)
        #expect(left < 20_000_000 && left > 0, "\(usage)")
        let sum = try #require(usage["total"])
        let consumed = ["spent_microdollars", "reserved_microdollars", "held_microdollars"]
            .reduce(0) { $0 + (sum[$1]?.integer ?? 0) }
        #expect(consumed == 20_000_000 - left)

        gateway.program.signal(SIGTERM)
        _ = await gateway.program.end()
        let stopped = try await run("usage", "--by", "model", "--csv")
        #expect(stopped.lines.count == 2, "\(stopped.text)")
        #expect(
            stopped.lines.first
                == "model,jobs,videos,spent_usd,reserved_usd,held_usd,accepted,rejected,"
                + "spent_per_accepted_usd"
        )
        #expect(stopped.lines.last?.hasPrefix("veo-3.1-reference-to-video,1,") == true)
        #expect(stopped.errors.contains("no gateway is running"))
    }

    @Test func `a client asks over HTTP, and an unknown name is an error`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let config = ["--config", "reelgate.yaml"]
        func run(_ arguments: [String], _ token: String? = nil) async throws -> FinishedProgram {
            try await Tools.run(
                "reelgate", arguments, environment: token.map { ["REELGATE_TOKEN": $0] } ?? [:],
                folder: fixture.folder.path)
        }
        let token = try #require(try await run(["clients", "add", "studio"] + config).lines.first)
        let remote = try await run(["usage", "--gateway", gateway.url], token)
        #expect(try remote.json()["clients"]?.array?.first?["client"] == "studio", "\(remote.errors)")
        let other = try await run(["usage", "--gateway", gateway.url, "--client", "other"], token)
        #expect(other.status == 1 && other.errors.contains("403 forbidden"), "\(other.errors)")
        let typo = try await run(["usage", "--client", "studoi"] + config)
        #expect(typo.status == 1 && typo.lines.isEmpty)
        #expect(typo.errors.contains("Did you mean studio?"), "\(typo.errors)")
        #expect(try await run(["usage", "--client", "studio", "--since", "0h"] + config).status == 0)
    }

    @Test func `a report has aligned columns, and limits only of clients that have some`() {
        let sum: JSONObject = [
            "jobs": 3, "videos": 2, "spent_microdollars": 1_920_000, "reserved_microdollars": 960_000,
            "held_microdollars": 0, "accepted": 1, "rejected": 1,
            "spent_per_accepted_microdollars": 1_920_000,
        ]
        var row = sum
        row["client"] = "studio"
        let report: JSONValue = [
            "since": 1_756_684_800, "by": "client", "data": .array([.object(row)]), "total": .object(sum),
            "clients": [
                ["client": "open", "budget": nil, "in_flight": ["limit": nil, "used": 0]],
                [
                    "client": "studio",
                    "budget": [
                        "microdollars": 5_000_000, "per": "day", "left_microdollars": 2_120_000,
                        "resets": 1_757_203_200,
                    ],
                    "in_flight": ["limit": 4, "used": 1], "jobs_per_day": ["limit": nil, "used": 3],
                ],
            ],
            "ceilings": [
                "job": ["microdollars": 3_000_000],
                "day": [
                    "microdollars": 10_000_000, "counted_microdollars": 2_880_000,
                    "left_microdollars": 7_120_000, "since": 1_757_116_800, "resets": 1_757_203_200,
                ],
            ],
        ]
        #expect(
            UsageListing.lines(report) == [
                "Jobs since 2025-09-01T00:00:00Z, at list prices in US dollars:",
                "CLIENT  JOBS  VIDEOS  SPENT  RESERVED  HELD  ACCEPTED  EACH",
                "studio  3     2       1.92   0.96      0.00  1         1.92", "",
                "CLIENT  BUDGET        LEFT  RESETS                OPEN TASKS  JOBS TODAY",
                "studio  5.00 per day  2.12  2025-09-07T00:00:00Z  1 of 4      3", "",
                "Ceiling for one job: 3.00",
                "Ceiling of the day: 10.00, of which 2.88 are used and 7.12 are left "
                    + "until 2025-09-07T00:00:00Z",
            ])
    }

    @Test(arguments: [["--since", "yesterday"], ["--by", "week"]])
    func `a wrong option is a usage error`(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try UsageCommand.parse(arguments) }
    }
}
