import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// Crashes, outages and graceful shutdowns.
@Suite(.timeLimit(.minutes(3))) struct RecoveryTests {
    @Test func `a gateway killed while a task runs completes it after the next start`() async throws {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        let id = try await first.accepted()
        first.program.signal(SIGKILL)
        #expect(await first.program.end() == -SIGKILL)

        try await fixture.advance("61m")
        let second = try await fixture.gateway()
        let task = try #require(try await second.follow(id) { $0["status"]?.string == "completed" }.last)
        #expect(task["gateway"]?["attempts"]?.integer == 1)
        #expect(try await Curl.get("\(second.url)/v1/tasks/\(id)/content").status == 200)
        #expect(try await fixture.ledger()["accepted"]?.integer == 1)
    }

    @Test func `a job that is submitted while the provider is down is sent once when it is up`() async throws
    {
        let fixture = try await EndToEndFixture()
        // A port without a listener: one that was just closed.
        let lost = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:0"], environment: Tools.baseEnvironment,
            folder: fixture.folder.path)
        let address = try await lost.listeningAddress()
        lost.signal(SIGKILL)
        _ = await lost.end()

        let gateway = try await fixture.gateway { $0.provider = address }
        let response = try await gateway.submit(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        #expect(response.status == 202)
        let id = try #require(try response.json()["id"]?.string)
        let waiting = try await gateway.follow(id) { $0["gateway"]?["attempts"]?.integer ?? 0 > 0 }
        #expect(waiting.last?["status"]?.string == "pending")

        let port = address.split(separator: ":").last.map(String.init) ?? ""
        let back = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:\(port)", "--task-seconds", "1"],
            environment: Tools.baseEnvironment, folder: fixture.folder.path)
        _ = try await back.listeningAddress()
        _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        #expect(try await Curl.get("\(address)/_simulator/ledger").json()["creates"]?.integer == 1)
    }

    @Test func `a job with a lost response is uncertain and never sent again, even after a restart`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create","nth":1},"do":{"cut":"after"}}]"#)
        let first = try await fixture.gateway()
        let response = try await first.submit()
        #expect(response.status == 504, "\(response.text)")
        #expect(response.fields["x-should-retry"] == "false")
        let page = try await Curl.get("\(first.url)/v1/tasks").json()
        let id = try #require(page["data"]?.array?.first?["id"]?.string)
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)

        let second = try await fixture.gateway()
        let task = try await second.task(id)
        #expect(task["gateway"]?["state"]?.string == "uncertain")
        #expect(task["error"]?["code"]?.string == "outcome_unknown")
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    @Test func `a first signal shuts it down gracefully with a consistent store`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        _ = try await gateway.accepted()
        gateway.program.signal(SIGTERM)
        #expect(await gateway.program.end() == 0)
        // The store is consistent for the sqlite3 program.
        let check = try await Tools.run(
            "sqlite3", [fixture.folder.path + "/data/reelgate.db", "PRAGMA integrity_check"])
        #expect(check.text == "ok\n", "\(check.errors)")
        let files = try await Tools.run("ls", [fixture.folder.path + "/data"])
        #expect(!files.text.contains("-wal"), "the log of a closed store is merged: \(files.text)")
    }

    @Test func `a gateway can be shut down gracefully as soon as it listens`() async throws {
        let fixture = try await EndToEndFixture()
        // Each time with the store of the previous one.
        for _ in 0..<5 {
            let gateway = try await fixture.gateway()
            gateway.program.signal(SIGTERM)
            #expect(await gateway.program.end() == 0)
        }
    }

    @Test func `a second gateway with the same store does not start`() async throws {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        let config = try fixture.writeConfiguration()
        let second = try fixture.startGateway(config: config)
        #expect(await second.end() == 1)
        let message = String(decoding: await second.errors.all(), as: UTF8.self)
        #expect(message.contains("reelgate.db"), "\(message)")
        #expect(try await Curl.get("\(first.url)/healthz").status == 200)
    }
}
