import ProcessTestSupport
import Testing

/// A few rounds of the script that shuts gateways down under load; `make drain` runs more.
@Suite(.timeLimit(.minutes(3))) struct DrainScriptTests {
    @Test func `every accepted request gets a response when the gateway shuts down`() async throws {
        let script = ProjectFolder.file("Tests/Drain/drain")
        let run = try await Tools.run("python3", [script, Tools.reelgate, "4"])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(run.lines.last == "4 rounds, unanswered or refused: 0")
    }
}
