import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// Crashes, outages and orderly ends of the real program.
@Suite(.timeLimit(.minutes(3))) struct RecoveryTests {
    @Test func `a gateway killed while a task runs completes it after the next start`() async throws {
        let house = try await EndToEndFixture()
        let first = try await house.gateway()
        let id = try await first.accepted()
        first.program.signal(SIGKILL)
        #expect(await first.program.end() == -SIGKILL)

        try await house.advance("61m")
        let second = try await house.gateway()
        let task = try #require(try await second.follow(id) { $0["status"]?.string == "completed" }.last)
        #expect(task["gateway"]?["attempts"]?.integer == 1)
        #expect(try await Curl.get("\(second.url)/v1/tasks/\(id)/content").status == 200)
        #expect(try await house.ledger()["accepted"]?.integer == 1)
    }

    @Test func `a job sent while the provider is down goes through once when it is back`() async throws {
        let house = try await EndToEndFixture()
        // A port on which nobody listens: one that was just given back.
        let lost = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:0"], environment: Tools.surroundings,
            folder: house.folder.path)
        let address = try await lost.listeningAddress()
        lost.signal(SIGKILL)
        _ = await lost.end()

        let gateway = try await house.gateway(provider: address)
        let answer = try await gateway.submit(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        #expect(answer.status == 202)
        let id = try #require(try answer.json()["id"]?.string)
        let waiting = try await gateway.follow(id) { $0["gateway"]?["attempts"]?.integer ?? 0 > 0 }
        #expect(waiting.last?["status"]?.string == "pending")

        let port = address.split(separator: ":").last.map(String.init) ?? ""
        let back = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:\(port)", "--task-seconds", "1"],
            environment: Tools.surroundings, folder: house.folder.path)
        _ = try await back.listeningAddress()
        _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        #expect(try await Curl.get("\(address)/_simulator/ledger").json()["creates"]?.integer == 1)
    }

    @Test func `a lost reply is uncertain and never sent again, not after a restart either`() async throws {
        let house = try await EndToEndFixture()
        try await house.script(#"[{"match":{"kind":"create","nth":1},"do":{"cut":"after"}}]"#)
        let first = try await house.gateway()
        let answer = try await first.submit()
        #expect(answer.status == 504, "\(answer.text)")
        #expect(answer.fields["x-should-retry"] == "false")
        let page = try await Curl.get("\(first.url)/v1/tasks").json()
        let id = try #require(page["data"]?.array?.first?["id"]?.string)
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)

        let second = try await house.gateway()
        let task = try await second.task(id)
        #expect(task["gateway"]?["state"]?.string == "uncertain")
        #expect(task["error"]?["code"]?.string == "outcome_unknown")
        #expect(try await house.ledger()["creates"]?.integer == 1)
    }

    @Test func `a first signal ends it in order and leaves the store whole`() async throws {
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway()
        _ = try await gateway.accepted()
        gateway.program.signal(SIGTERM)
        #expect(await gateway.program.end() == 0)
        // The store is whole to a program that we did not write.
        let check = try await Tools.run(
            "sqlite3", [house.folder.path + "/data/reelgate.db", "PRAGMA integrity_check"])
        #expect(check.text == "ok\n", "\(check.errors)")
        let files = try await Tools.run("ls", [house.folder.path + "/data"])
        #expect(!files.text.contains("-wal"), "the log of a closed store is merged: \(files.text)")
    }

    @Test func `a gateway can be ended in order as soon as it says that it listens`() async throws {
        let house = try await EndToEndFixture()
        // Each time on the store of the one before.
        for _ in 0..<5 {
            let gateway = try await house.gateway()
            gateway.program.signal(SIGTERM)
            #expect(await gateway.program.end() == 0)
        }
    }

    @Test func `a second gateway on the same store is refused`() async throws {
        let house = try await EndToEndFixture()
        let first = try await house.gateway()
        let config = try house.writeConfig(provider: house.provider)
        let second = try house.startGateway(config: config)
        #expect(await second.end() == 1)
        let message = String(decoding: await second.errors.all(), as: UTF8.self)
        #expect(message.contains("reelgate.db"), "\(message)")
        #expect(try await Curl.get("\(first.url)/healthz").status == 200)
    }
}
