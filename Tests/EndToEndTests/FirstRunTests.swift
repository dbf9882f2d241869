import ProcessTestSupport
import Testing

@testable import Reelgate

/// The first start of a gateway, without a key.
@Suite(.timeLimit(.minutes(3))) struct FirstRunTests {
    /// Runs a program on a terminal, and exits with its status.
    private static let onTerminal = """
        import os, pty, sys
        sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
        """

    @Test func `on a terminal four lines name what is missing and how to try without it`() async throws {
        let folder = try ScratchFolder()
        let run = try await Tools.run(
            "python3", ["-c", Self.onTerminal, Tools.reelgate, "serve", "--listen", "127.0.0.1:0"],
            folder: folder.path)
        #expect(run.status == 1)
        let lines = run.text.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
        #expect(lines.count == 4, "\(run.text)")
        #expect(lines.first == "reelgate: the gateway needs the provider's key, and none is given.")
        #expect(lines.contains { $0.contains("REELGATE_PROVIDER_API_KEY_FILE=provider.key") })
        #expect(lines.contains { $0.contains("\(Tools.reelgate) simulate") })
    }

    @Test func `the last line is a command that starts the gateway in front of the simulator`() throws {
        let guide = FirstRunGuide(program: "./my programs/reelgate", config: "it's.yaml")
        let last = guide.error.remedy?.split(separator: "\n").last
        #expect(
            last?.drop { $0 == " " }
                == """
                REELGATE_PROVIDER_BASE_URL=http://127.0.0.1:8032 REELGATE_PROVIDER_API_KEY=any \
                './my programs/reelgate' serve --config 'it'\\''s.yaml'
                """)
    }

    @Test func `another error of the key has its own message on a terminal too`() async throws {
        let folder = try ScratchFolder()
        let run = try await Tools.run(
            "python3", ["-c", Self.onTerminal, Tools.reelgate, "serve", "--listen", "127.0.0.1:0"],
            environment: ["REELGATE_PROVIDER_API_KEY_FILE": "none.key"], folder: folder.path)
        #expect(run.status == 1)
        #expect(run.text.contains("none.key"), "\(run.text)")
        #expect(!run.text.contains("simulate"))
    }
}
