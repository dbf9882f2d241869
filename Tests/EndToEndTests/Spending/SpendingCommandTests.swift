import Glibc
import JSONText
import ProcessTestSupport
import Testing

@testable import Reelgate

/// Budgets and spend ceilings as users and operators see them, with the executable.
@Suite(.timeLimit(.minutes(3))) struct SpendingCommandTests {
    private static let job = [
        "submit", "--prompt", "A garden", "--reference", "https://example.com/a.jpg",
    ]

    private func reelgate(
        _ arguments: [String], _ environment: [String: String] = [:], _ fixture: EndToEndFixture
    ) async throws -> FinishedProgram {
        try await Tools.run(
            "reelgate", arguments, environment: environment, folder: fixture.folder.path)
    }

    @Test func `a client's budget refuses the job that it has no money for`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let config = ["--config", "reelgate.yaml"]
        let added = try await reelgate(
            ["clients", "add", "studio", "--budget-usd", "2", "--per", "day"] + config, [:], fixture)
        let token = try #require(added.lines.first, "\(added.errors)")
        let environment = ["REELGATE_URL": gateway.url, "REELGATE_TOKEN": token]
        let first = try await reelgate(Self.job, environment, fixture)
        #expect(first.status == 0, "\(first.errors)")
        #expect(try first.json()["gateway"]?["price"] == ["microdollars": 1_280_000, "state": "reserved"])
        let second = try await reelgate(Self.job, environment, fixture)
        #expect(second.status == 1)
        #expect(
            second.errors.contains(
                "the job costs $1.28, and $0.72 of the budget of client studio, $2.00, is left"),
            "\(second.errors)")
        #expect(second.errors.contains("402 budget_exhausted"))
        #expect(second.errors.contains("Nothing was bought."))
        #expect(try await fixture.ledger()["accepted"]?.integer == 1)

        let raised = try await reelgate(
            ["clients", "set", "studio", "--budget-usd", "2.56", "--per", "day"] + config, [:], fixture)
        #expect(raised.status == 0, "\(raised.errors)")
        #expect(try await reelgate(Self.job, environment, fixture).status == 0)
        let limited = try await reelgate(
            ["clients", "set", "studio", "--no-budget", "--in-flight", "2"] + config, [:], fixture)
        #expect(limited.status == 0, "\(limited.errors)")
        let third = try await reelgate(Self.job, environment, fixture)
        #expect(third.status == 1 && third.errors.contains("429 too_many_tasks"), "\(third.errors)")
        #expect(third.errors.contains("2 open tasks at once"))
    }

    @Test func `spend ceilings refuse jobs, follow a reload, and an operator resets the day's`() async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.spend = "{job_usd: 3, day_usd: 1.50}" }
        #expect(try await gateway.submit().status == 402, "2.56 dollars")
        let silent = GatewayUnderTest.exampleJob.replacing("true", with: "false")
        #expect(try await gateway.submit(silent).status == 200)
        let refused = try await gateway.submit(silent)
        #expect(refused.status == 402)
        #expect(try refused.json()["error"]?["code"]?.string == "spend_ceiling")
        #expect(
            try refused.json()["limit"]?["left_microdollars"]?.integer == 220_000, "\(refused.text)")
        let details = try await Curl.get("\(gateway.url)/readyz?verbose")
        #expect(details.status == 200 && details.text.contains("spend_ceiling"), "\(details.text)")

        let usage = try await reelgate(["usage", "--config", "reelgate.yaml"], [:], fixture).json()
        #expect(usage["ceilings"]?["job"]?["microdollars"] == 3_000_000)
        #expect(usage["ceilings"]?["day"]?["left_microdollars"] == 220_000, "\(usage)")
        let resumed = try await reelgate(["resume", "--spend", "--config", "reelgate.yaml"], [:], fixture)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try resumed.json()["before"]?["counted_microdollars"] == 1_280_000)
        #expect(try resumed.json()["day"]?["left_microdollars"] == 1_500_000)
        #expect(try await gateway.submit(silent).status == 200)
        #expect(try await gateway.submit(silent).status == 402)

        _ = try fixture.writeConfiguration { $0.spend = "{job_usd: 1}" }
        gateway.program.signal(SIGHUP)
        _ = try await gateway.program.line(of: \.errors, containing: "the spend ceilings are replaced")
        let dear = try await gateway.submit(silent)
        #expect(dear.text.contains("more than the gateway's ceiling for one job, $1.00"), "\(dear.text)")
        _ = try fixture.writeConfiguration { $0.spend = "{job_usd: much}" }
        gateway.program.signal(SIGHUP)
        _ = try await gateway.program.line(of: \.errors, containing: "the current settings are kept")
        #expect(try await gateway.submit(silent).status == 402)
        _ = try fixture.writeConfiguration()
        gateway.program.signal(SIGHUP)
        _ = try await gateway.program.line(of: \.errors, containing: "job_usd\":\"none")
        #expect(try await gateway.submit().status == 200)
        let none = try await reelgate(["resume", "--spend", "--config", "reelgate.yaml"], [:], fixture)
        #expect(none.status == 1 && none.errors.contains("no spend ceiling for a day"), "\(none.errors)")
        #expect(none.errors.contains("spend.day_usd in reelgate.yaml sets one"), "\(none.errors)")
    }

    @Test func `a reset while no gateway runs prints what it did, and no log line`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.spend = "{day_usd: 5}" }
        #expect(try await gateway.submit().status == 200)
        gateway.program.signal(SIGTERM)
        _ = await gateway.program.end()
        let resumed = try await reelgate(["resume", "--spend", "--config", "reelgate.yaml"], [:], fixture)
        #expect(try resumed.json()["before"]?["counted_microdollars"] == 2_560_000, "\(resumed.errors)")
        #expect(resumed.lines.count == 1)
        let notes = resumed.errors.split(separator: "\n")
        #expect(notes.count == 1 && notes[0].hasPrefix("note: no gateway is running"), "\(resumed.errors)")
        // Without its configuration the gateway is not found, and has no ceiling.
        let other = try await reelgate(["resume", "--spend"], ["REELGATE_DATA": "data"], fixture)
        #expect(other.status == 1 && other.errors.contains("--config names another configuration"))
        let older = try await reelgate(
            ["resume", "--older-store", "--config", "reelgate.yaml"], [:], fixture)
        #expect(older.status == 3 && older.errors.contains("no gateway is running"), "\(older.errors)")
    }

    @Test func `the outcome of a reset has figures, also if no job was refused`() throws {
        func day(_ counted: Int64) -> JSONValue {
            [
                "microdollars": 5_000_000, "counted_microdollars": .integer(counted),
                "left_microdollars": .integer(5_000_000 - counted), "resets": 1_757_203_200,
            ]
        }
        let head =
            "The spend ceiling of the day, $5.00, counts from now on: $5.00 are left until "
            + "2025-09-07T00:00:00Z. "
        for (counted, text) in [
            (2_560_000, "It was not used up: $2.56 counted, $2.44 were left."),
            (5_000_000, "$5.00 counted until now, and refused further jobs."),
        ] {
            let response = ResumeResponse([
                "object": "submission", "warnings": [], "before": day(Int64(counted)), "day": day(0),
            ])
            #expect(response?.text == head + text)
        }
        #expect(ResumeResponse(["object": "submission", "warnings": []])?.text == "Submission was resumed.")
    }

    @Test func `a lost job is sent again within the ceiling of the day, and its first price freed`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create","nth":1},"do":{"cut":"after"}}]"#)
        let gateway = try await fixture.gateway { $0.spend = "{day_usd: 5}" }
        let lost = try await gateway.submit()
        let id = try #require(try lost.json()["task_id"]?.string, "\(lost.text)")
        let environment = ["REELGATE_URL": gateway.url]
        let refused = try await reelgate(["tasks", "resubmit", id], environment, fixture)
        #expect(refused.status == 1)
        #expect(
            refused.errors.contains("the job costs $2.56, and $2.44 of the gateway's ceiling"),
            "\(refused.errors)")
        #expect(refused.errors.contains("reelgate resume --spend"), "\(refused.errors)")
        #expect(try await fixture.ledger()["creates"]?.integer == 1)

        let resumed = try await reelgate(["resume", "--spend", "--config", "reelgate.yaml"], [:], fixture)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try await reelgate(["tasks", "resubmit", id], environment, fixture).status == 0)
        _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "running" }
        #expect(try await gateway.submit().status == 402, "2.44 dollars are left")
        try await fixture.advance("61m")
        let walked = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        let price = walked.last?["gateway"]?["price"]
        #expect(price?["state"]?.string == "spent" && price?["earlier_microdollars"]?.integer == 2_560_000)

        #expect(try await reelgate(["tasks", "dismiss", id], environment, fixture).status == 0)
        let freed = try await gateway.task(id)["gateway"]?["price"]
        #expect(freed == ["microdollars": 2_560_000, "state": "spent"])
        let again = try await reelgate(["tasks", "dismiss", id], environment, fixture)
        #expect(again.status == 1 && again.errors.contains("409 not_uncertain"), "\(again.errors)")
    }

    @Test func `check notes example prices, and clients with a budget whose models have none`() async throws {
        let fixture = try await EndToEndFixture()
        _ = try fixture.writeConfiguration()
        let check = ["check", "--config", "reelgate.yaml"]
        let examples = try await reelgate(check, [:], fixture)
        #expect(examples.status == 0, "\(examples.errors)")
        #expect(examples.errors.contains("the prices of 11 models are examples"), "\(examples.errors)")

        let models = """
            models:
              - {id: m, mode: text-to-video, parameters: [{prompt: {type: string, required: true}}]}
            """
        _ = try fixture.folder.write(models, to: "models.yaml")
        let unpriced = try await reelgate(check, [:], fixture)
        #expect(unpriced.status == 0, "\(unpriced.errors)")
        #expect(unpriced.errors.contains("note: models.yaml: m has no price for every job"))
        let added = try await reelgate(
            ["clients", "add", "studio", "--budget-usd", "2", "--per", "day", "--config", "reelgate.yaml"],
            [:], fixture)
        #expect(added.status == 0, "\(added.errors)")
        let fault = try await reelgate(check, [:], fixture)
        #expect(fault.status == 1)
        let message = "the client studio has a budget and may use this model"
        #expect(fault.errors.contains(message))
        // The gateway serves the other clients, with a warning.
        let gateway = try await fixture.gateway()
        _ = try await gateway.program.line(of: \.errors, containing: message)
    }
}
