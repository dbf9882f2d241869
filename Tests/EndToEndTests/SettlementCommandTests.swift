import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// Settlement of uncertain tasks after a lost response.
@Suite(.timeLimit(.minutes(3))) struct SettlementCommandTests {
    /// A gateway with a task that the provider accepted and whose response was cut.
    private func loseReply(
        in fixture: EndToEndFixture
    ) async throws -> (gateway: GatewayUnderTest, id: String) {
        try await fixture.script(#"[{"match":{"kind":"create","nth":1},"do":{"cut":"after"}}]"#)
        let gateway = try await fixture.gateway()
        let response = try await gateway.submit()
        try #require(response.status == 504, "\(response.text)")
        return (gateway, try #require(try response.json()["task_id"]?.string))
    }

    private func settle(
        _ call: String, _ id: String, _ body: String = "{}", at gateway: GatewayUnderTest
    ) async throws -> CurlResponse {
        try await Curl.post("\(gateway.url)/v1/tasks/\(id)/\(call)", body)
    }

    private func reelgate(_ arguments: [String], _ gateway: GatewayUnderTest) async throws -> FinishedProgram
    {
        try await Tools.run("reelgate", arguments, environment: ["REELGATE_URL": gateway.url])
    }

    /// Returns the output of a command on a terminal.
    private func onTerminal(_ command: String, _ gateway: GatewayUnderTest) async throws -> String {
        let finished = try await Tools.run(
            "script", ["-qec", "\(Tools.reelgate) \(command)", "/dev/null"],
            environment: ["REELGATE_URL": gateway.url, "TERM": "xterm"])
        try #require(finished.status == 0, "\(finished.text)\(finished.errors)")
        return finished.text
    }

    private func code(_ response: CurlResponse) throws -> String {
        "\(response.status) \(try response.json()["error"]?["code"]?.string ?? "-")"
    }

    @Test func `a lost job is found in the ledger of the provider and adopted, and its video served`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let (gateway, id) = try await loseReply(in: fixture)
        let evidence = try await gateway.task(id)["gateway"]?["evidence"]
        #expect(evidence?["attempt"]?.integer == 1)
        #expect(evidence?["bytes_sent"]?.integer ?? 0 > Int64(GatewayUnderTest.exampleJob.utf8.count))
        #expect(evidence?["words"]?.string?.isEmpty == false)
        let sent = try #require(evidence?["sent"]?.integer)
        #expect(try #require(evidence?["lost"]?.integer) >= sent)

        let nonsense = try await settle("adopt", id, #"{"provider_task_id":"../nonsense"}"#, at: gateway)
        #expect(try code(nonsense) == "422 unknown_provider_task")
        let entry = try await fixture.ledger()["entries"]?.array?.first
        let providerTaskID = try #require(entry?["task_id"]?.string)
        let adopted = try await settle(
            "adopt", id, #"{"provider_task_id":"\#(providerTaskID)"}"#, at: gateway)
        #expect(adopted.status == 200, "\(adopted.text)")
        #expect(try adopted.json()["gateway"]?["provider_task_id"]?.string == providerTaskID)
        #expect(
            try code(try await settle("adopt", id, #"{"provider_task_id":"y"}"#, at: gateway))
                == "409 not_uncertain")
        #expect(try code(try await settle("dismiss", id, at: gateway)) == "409 not_uncertain")

        try await fixture.advance("61m")
        let walked = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        #expect(walked.last?["gateway"]?["attempts"]?.integer == 1)
        let video = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(video.status == 200)
        #expect(Int64(video.body.count) == walked.last?["results"]?.array?.first?["bytes"]?.integer)
        #expect(try await fixture.ledger()["accepted"]?.integer == 1)
        _ = try await gateway.program.line(of: \.errors, containing: "a task was settled by hand: adopted")
    }

    @Test func `the provider task of another task cannot be adopted`() async throws {
        let fixture = try await EndToEndFixture()
        let (gateway, id) = try await loseReply(in: fixture)
        let other = try await gateway.accepted()
        let providerTaskID = try #require(
            try await gateway.task(other)["gateway"]?["provider_task_id"]?.string)
        let response = try await settle(
            "adopt", id, #"{"provider_task_id":"\#(providerTaskID)"}"#, at: gateway)
        #expect(try code(response) == "409 provider_task_taken")
        #expect(try await gateway.task(id)["gateway"]?["state"]?.string == "uncertain")
    }

    @Test func `a dismissed task stays dismissed after a restart`() async throws {
        let fixture = try await EndToEndFixture()
        let (first, id) = try await loseReply(in: fixture)
        #expect(try await settle("dismiss", id, at: first).status == 200)
        first.program.signal(SIGKILL)
        _ = await first.program.end()
        let second = try await fixture.gateway()
        let task = try await second.task(id)
        #expect(task["gateway"]?["state"]?.string == "failed")
        #expect(task["error"]?["code"]?.string == "dismissed")
        #expect(try code(try await settle("resubmit", id, at: second)) == "409 not_uncertain")
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    @Test func `a task is resubmitted, also after a restart, and completes`() async throws {
        let fixture = try await EndToEndFixture()
        let (first, id) = try await loseReply(in: fixture)
        first.program.signal(SIGKILL)
        _ = await first.program.end()
        let second = try await fixture.gateway()
        let response = try await settle("resubmit", id, at: second)
        #expect(response.status == 200, "\(response.text)")
        #expect(response.fields["x-should-retry"] == "false")
        _ = try await second.follow(id) { $0["gateway"]?["state"]?.string == "running" }
        try await fixture.advance("61m")
        let walked = try await second.follow(id) { $0["status"]?.string == "completed" }
        #expect(walked.last?["gateway"]?["attempts"]?.integer == 2)
        let ledger = try await fixture.ledger()
        #expect(ledger["accepted"]?.integer == 2)
        let bodies = ledger["entries"]?.array?.map { $0["body"] }
        #expect(bodies?.first == bodies?.last, "the same job, byte for byte")
        _ = try await second.program.line(of: \.errors, containing: "may be billed twice")
    }

    @Test func `of twenty concurrent settlements exactly one succeeds`() async throws {
        let fixture = try await EndToEndFixture()
        let (gateway, id) = try await loseReply(in: fixture)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let call = number % 2 == 0 ? "resubmit" : "dismiss"
                    return try await settle(call, id, at: gateway).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1, "\(statuses)")
        #expect(statuses.filter { $0 == 409 }.count == 19, "\(statuses)")
        #expect(try #require(try await fixture.ledger()["creates"]?.integer) <= 2)
    }

    @Test func `the commands show the evidence of a lost response and settle it`() async throws {
        let fixture = try await EndToEndFixture()
        let (gateway, id) = try await loseReply(in: fixture)
        let listed = try await reelgate(["tasks", "list", "--state", "uncertain"], gateway)
        #expect(listed.lines.count == 1)
        #expect(try listed.json()["gateway"]?["evidence"]?["attempt"]?.integer == 1)
        let table = try await onTerminal("tasks list --state uncertain", gateway)
        #expect(table.contains("Z, attempt 1, "), "\(table)")
        let shown = try await onTerminal("tasks show \(id)", gateway)
        for command in ["adopt \(id) PROVIDER_TASK_ID", "dismiss \(id)", "resubmit \(id)"] {
            #expect(shown.contains("reelgate tasks \(command)"), "\(shown)")
        }
        let message = try await gateway.task(id)["gateway"]?["evidence"]?["words"]?.string ?? "-"
        #expect(shown.contains(message) && table.contains(message))

        let refused = try await reelgate(["tasks", "adopt", id, "nonsense"], gateway)
        #expect(refused.status == 1)
        #expect(refused.errors.split(separator: "\n").count == 2, "\(refused.errors)")
        #expect(refused.errors.contains("(422 unknown_provider_task)"))
        let providerTaskID = try #require(
            try await fixture.ledger()["entries"]?.array?.first?["task_id"]?.string)
        let adopted = try await reelgate(["tasks", "adopt", id, providerTaskID], gateway)
        #expect(adopted.status == 0, "\(adopted.errors)")
        #expect(try adopted.json()["gateway"]?["state"]?.string == "running")
        let again = try await reelgate(["tasks", "resubmit", id], gateway)
        #expect(again.status == 1 && again.errors.contains("409 not_uncertain"), "\(again.errors)")
        #expect(again.errors.split(separator: "\n").count == 2, "\(again.errors)")
        #expect(try await reelgate(["tasks", "dismiss", "none"], gateway).status == 1)
        let nobody = GatewayUnderTest(program: gateway.program, url: "http://127.0.0.1:1")
        #expect(try await reelgate(["tasks", "dismiss", id], nobody).status == 3)
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    @Test func `the commands can dismiss and resubmit`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create"},"times":2,"do":{"cut":"after"}}]"#)
        let gateway = try await fixture.gateway()
        var ids: [String] = []
        for _ in 0..<2 { ids.append(try #require(try await gateway.submit().json()["task_id"]?.string)) }
        let dismissed = try await reelgate(["tasks", "dismiss", ids[0]], gateway)
        #expect(dismissed.status == 0, "\(dismissed.errors)")
        #expect(try dismissed.json()["error"]?["code"]?.string == "dismissed")
        let output = try await onTerminal("tasks resubmit \(ids[1])", gateway)
        #expect(
            output.contains("may be billed twice") && output.contains("tasks wait \(ids[1])"), "\(output)")
        _ = try await gateway.follow(ids[1]) { $0["gateway"]?["state"]?.string == "running" }
        #expect(try await fixture.ledger()["creates"]?.integer == 3)
    }
}
