import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// `tasks watch` and `tasks wait` as programs, through a restart of the gateway and on a terminal.
@Suite(.timeLimit(.minutes(3))) struct WatchCommandTests {
    private func reelgate(
        _ arguments: [String], _ gateway: GatewayUnderTest, _ fixture: EndToEndFixture
    ) throws -> RunningProgram {
        try RunningProgram(
            Tools.reelgate, arguments,
            environment: Tools.baseEnvironment.merging(["REELGATE_URL": gateway.url]) { $1 },
            folder: fixture.folder.path)
    }

    /// The same on a terminal of 100 columns.
    private func reelgateOnTerminal(
        _ arguments: String, _ gateway: GatewayUnderTest, _ fixture: EndToEndFixture
    ) throws -> RunningProgram {
        let command = "stty columns 100 rows 20; exec \(Tools.reelgate) \(arguments)"
        return try RunningProgram(
            "/usr/bin/script", ["-qfec", command, "/dev/null"],
            environment: Tools.baseEnvironment.merging(
                ["REELGATE_URL": gateway.url, "TERM": "xterm", "NO_COLOR": "1"]) { $1 },
            folder: fixture.folder.path)
    }

    /// Kills a gateway and starts one in its stead, at the same address.
    private func restart(
        _ gateway: GatewayUnderTest, in fixture: EndToEndFixture
    ) async throws -> GatewayUnderTest {
        gateway.program.signal(SIGKILL)
        _ = await gateway.program.end()
        let address = String(gateway.url.dropFirst("http://".count))
        return try await fixture.gateway { $0.listen = [.init(address)] }
    }

    @Test func `a watch and a wait see every change once, through a restart`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        let watch = try reelgate(["tasks", "watch"], gateway, fixture)
        let wait = try reelgate(["tasks", "wait", id], gateway, fixture)
        for program in [watch, wait] { _ = try await program.line(of: \.output, containing: "running") }
        let second = try await restart(gateway, in: fixture)
        for program in [watch, wait] {
            _ = try await program.line(of: \.errors, containing: "does not respond")
        }
        let other = try await second.accepted()
        _ = try await watch.line(of: \.output, containing: other)
        try await fixture.advance("2h")
        #expect(await wait.end() == 0, "\(wait.errors.text)")
        _ = try await second.follow(other) { $0["status"]?.string == "completed" }
        let end = await watch.output.first { $0.contains(other) && $0.contains("\"status\":\"completed\"") }
        #expect(end != nil)
        for (program, task) in [(watch, id), (wait, id), (watch, other)] {
            let versions = try self.versions(of: task, in: program)
            #expect(versions.count > 2)
            let isGapless = zip(versions, versions.dropFirst()).allSatisfy { $0 + 1 == $1 }
            #expect(isGapless, "\(versions)")
        }
        watch.signal(SIGINT)
        #expect(await watch.end() == 130)
        #expect(watch.errors.text.hasSuffix("Stopped watching. No task was changed.\n"))
    }

    private func tasks(in program: RunningProgram) throws -> [JSONValue] {
        // The last line may not be complete.
        let lines = program.output.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return try lines.map { try JSONValue(parsing: Array($0.utf8)) }
    }

    private func versions(of id: String, in program: RunningProgram) throws -> [Int64] {
        try tasks(in: program).filter { $0["id"]?.string == id }.compactMap {
            $0["gateway"]?["version"]?.integer
        }
    }

    @Test func `on a terminal there is one line of progress, and a table of all tasks`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        let wait = try reelgateOnTerminal("tasks wait \(id)", gateway, fixture)
        let watch = try reelgateOnTerminal("tasks watch", gateway, fixture)
        _ = try await watch.line(of: \.output, containing: "1 running  Ctrl-C ends this")
        #expect(watch.output.text.contains("TASK ") && watch.output.text.contains(id))
        try await fixture.advance("2h")
        #expect(await wait.end() == 0)
        let drawn = wait.output.text.split(separator: "\r")
        #expect(drawn.contains { $0.hasPrefix("running ") && $0.contains(" of about ") })
        #expect(drawn.contains { $0.hasPrefix("completed ") && $0.contains("100%  ") })
        _ = try await watch.line(of: \.output, containing: "1 completed  Ctrl-C ends this")
        watch.signal(SIGTERM)
        _ = await watch.end()
    }

    @Test func `on a terminal a task that waits shows why`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(
            #"[{"match": {"kind": "create"}, "do": {"status": 429, "retry_after": 600}}]"#)
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        let wait = try reelgateOnTerminal("tasks wait \(id)", gateway, fixture)
        let line = try await wait.line(of: \.output, containing: "waiting: ")
        #expect(line.contains("429"), "\(line)")
        wait.signal(SIGTERM)
        _ = await wait.end()
    }
}
