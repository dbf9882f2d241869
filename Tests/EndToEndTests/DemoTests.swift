import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// `make demo`, with the program of the tests.
@Suite(.timeLimit(.minutes(3))) struct DemoTests {
    private func demo(in folder: ScratchFolder, keep: String? = nil) async throws -> FinishedProgram {
        var environment = ["DEMO_DIR": folder.path + "/d"]
        environment["KEEP"] = keep
        return try await Tools.run(
            "bash", [ProjectFolder.file("Tests/Demo/demo"), Tools.reelgate], environment: environment,
            folder: folder.path)
    }

    @Test func `the demo ends with a video`() async throws {
        let demo = try await demo(in: ScratchFolder())
        #expect(demo.status == 0, "\(demo.errors)\(demo.text)")
        #expect(demo.text.contains("video.mp4"))
        #expect(demo.text.contains("1 job bought"))
        #expect(demo.lines.last?.contains("KEEP=1 make demo") == true)
    }

    @Test func `KEEP leaves a gateway with tasks in every state, and names its dashboard`() async throws {
        let demo = try await demo(in: ScratchFolder(), keep: "1")
        let stop = demo.lines.first { $0.hasPrefix("stop") } ?? ""
        let processes = stop.split(separator: " ").compactMap { pid_t($0) }
        defer { for process in processes { kill(process, SIGTERM) } }
        #expect(demo.status == 0 && processes.count == 2, "\(demo.errors)\(demo.text)")
        let named = demo.lines.first { $0.hasPrefix("dashboard") }?.split(separator: " ").last
        let dashboard = try #require(named.map(String.init))
        #expect(try await Curl.get(dashboard).status == 200)
        let tasks = try await Curl.get(dashboard + "v1/tasks").json()["data"]?.array ?? []
        let states = Set(tasks.compactMap { $0["gateway"]?["state"]?.string })
        #expect(states == ["completed", "failed", "queued", "running", "uncertain"])
        #expect(tasks.count == 6)
    }
}
