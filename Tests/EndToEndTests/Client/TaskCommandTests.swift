import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// The commands that look at tasks, as programs.
@Suite(.timeLimit(.minutes(3))) struct TaskCommandTests {
    private func reelgate(_ arguments: [String], _ gateway: GatewayUnderTest) async throws -> FinishedProgram
    {
        try await Tools.run("reelgate", arguments, environment: ["REELGATE_URL": gateway.url])
    }

    @Test func `tasks are listed, shown and awaited, and say JSON to programs`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let first = try await gateway.accepted()
        let second = try await gateway.accepted()

        let listed = try await reelgate(["tasks", "list"], gateway)
        #expect(listed.status == 0)
        let ids = try listed.lines.map { try JSONValue(parsing: Array($0.utf8))["id"]?.string }
        #expect(ids == [second, first])
        #expect(try await reelgate(["tasks", "list", "--state", "completed"], gateway).lines.isEmpty)
        #expect(try await reelgate(["tasks", "list", "--limit", "1"], gateway).lines.count == 1)
        #expect(try await reelgate(["tasks", "list", "--client", "open"], gateway).lines.count == 2)
        #expect(try await reelgate(["tasks", "list", "--client", "other"], gateway).lines.isEmpty)

        #expect(try await reelgate(["tasks", "show", first], gateway).json()["id"]?.string == first)
        let cancelled = try await reelgate(["tasks", "cancel", first], gateway)
        #expect(cancelled.status == 1 && cancelled.errors.contains("409 cannot_cancel"))

        try await fixture.advance("2h")
        let file = fixture.folder.path + "/waited.mp4"
        let waited = try await reelgate(["tasks", "wait", first, "--output", file], gateway)
        #expect(waited.status == 0, "\(waited.errors)")
        #expect(waited.lines.last?.contains(#""status":"completed""#) == true)
        #expect(FileManager.default.fileExists(atPath: file))
        try await savesAgain(first, file, fixture, gateway)
    }

    /// A file is replaced only with --overwrite, and --sidecar writes the task's record beside it.
    private func savesAgain(
        _ task: String, _ file: String, _ fixture: EndToEndFixture, _ gateway: GatewayUnderTest
    ) async throws {
        let wait = ["tasks", "wait", task, "--output"]
        let refused = try await reelgate(wait + [file], gateway)
        #expect(refused.status == 2 && refused.errors.contains("exists; give another name, or --overwrite"))
        #expect(try await reelgate(wait + [file, "--overwrite"], gateway).status == 0)

        let pattern = fixture.folder.path + "/{model}-{id}.mp4"
        let saved = try await reelgate(wait + [pattern, "--sidecar"], gateway)
        #expect(saved.status == 0, "\(saved.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
        let video = try #require(names.first { $0.hasSuffix("\(task).mp4") })
        let sidecar = try #require(
            FileManager.default.contents(atPath: "\(fixture.folder.path)/\(video).json"))
        let record = try JSONValue(parsing: Array(sidecar))
        #expect(record["id"]?.string == task)
        #expect(record["job"]?["prompt"]?.string != nil)
        let digest = try await Tools.run("sha256sum", ["\(fixture.folder.path)/\(video)"])
        #expect(
            digest.lines.first?.hasPrefix(record["results"]?.array?.first?["sha256"]?.string ?? "none")
                == true)
        let again = try await reelgate(wait + [pattern, "--sidecar"], gateway)
        #expect(again.status == 1 && again.errors.contains("the video was not saved: "), "\(again.errors)")
    }

    @Test func `a submitted job is one line for programs, and its state for people`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let prompt = "A very secret garden"
        let job = ["submit", "--prompt", prompt, "--reference", "https://example.com/a.jpg"]
        let sent = try await reelgate(job, gateway)
        let id = try #require(try sent.json()["id"]?.string, "\(sent.errors)")
        #expect(sent.lines.count == 1)
        #expect(try sent.json()["gateway"]?["prompt"]?.string == prompt)
        #expect(sent.errors.contains("Task \(id) is running.\nWait for it with reelgate tasks wait \(id)"))
        gateway.program.signal(SIGTERM)
        #expect(await gateway.program.end() == 0)
        #expect(!gateway.program.errors.text.contains(prompt))
    }

    @Test func `a failed task ends the wait with 1 and its reason`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        try await fixture.script(
            #"[{"do":{"fail":{"code":"service_error","message":"the supplier broke"}}}]"#)
        let id = try await gateway.accepted()
        try await fixture.advance("2h")
        let waited = try await reelgate(["tasks", "wait", id], gateway)
        #expect(waited.status == 1)
        #expect(waited.errors.contains("task \(id) failed: service_error: the supplier broke"))
    }

    @Test func `an error clears the progress bar of a terminal`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
        let ran = try await Tools.run(
            "python3", ["-c", terminal, Tools.reelgate, "tasks", "wait", "task-none"],
            environment: ["REELGATE_URL": gateway.url])
        #expect(ran.status == 1 && ran.text.contains("asking"), "\(ran.text)")
        #expect(ran.text.contains("\r\u{1B}[Kreelgate: there is no such task"), "\(ran.text)")
    }

    @Test func `interrupting a wait does not change the task and prints how to resume`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        var environment = Tools.baseEnvironment
        environment["REELGATE_URL"] = gateway.url
        let wait = try RunningProgram(
            Tools.reelgate, ["tasks", "wait", id], environment: environment, folder: fixture.folder.path)
        _ = try await wait.line(of: \.output, containing: id)
        wait.signal(SIGINT)
        #expect(await wait.end() == 130)
        _ = try await wait.line(of: \.errors, containing: "Wait for it again with reelgate tasks wait \(id)")
        #expect(try await gateway.task(id)["gateway"]?["state"]?.string == "running")
    }

    @Test(arguments: [
        ["tasks", "list", "--state", "dreaming"], ["tasks", "list", "--limit", "0"],
        ["tasks", "show", "a/b"],
        ["tasks", "adopt", "x"], ["tasks", "adopt", "x", "a b"], ["tasks", "dismiss"],
        ["tasks", "resubmit", "x", "y"], ["tasks", "show"],
        ["tasks", "wait", "x", "--output", "/no/such/folder/v.mp4"],
        ["tasks", "list", "--gateway", "ftp://x"], ["submit", "--prompt", "p", "--idempotency-key", "a b"],
        ["simulate", "--listen", "nowhere"], ["simulate", "--task-seconds", "-1"],
    ])
    func `wrong usage ends with 2 and asks nobody`(_ arguments: [String]) async throws {
        let ended = try await Tools.run(
            "reelgate", arguments, environment: ["REELGATE_URL": "http://127.0.0.1:1"])
        #expect(ended.status == 2, "\(ended.errors)")
        #expect(ended.output.isEmpty && ended.errors.hasPrefix("Error: "))
    }

    @Test func `the simulator refuses a bad script by name and stops in order`() async throws {
        let folder = try ScratchFolder()
        let script = try folder.write(#"[{"do":{"explode":true}}]"#, to: "bad.json")
        let refused = try await Tools.run("reelgate", ["simulate", "--script", script])
        #expect(refused.status == 1 && refused.errors.contains("/0/do/explode: unknown key"))

        let simulator = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:0"], environment: Tools.baseEnvironment,
            folder: folder.path)
        _ = try await simulator.listeningAddress()
        simulator.signal(SIGTERM)
        #expect(await simulator.end() == 0)
    }
}
