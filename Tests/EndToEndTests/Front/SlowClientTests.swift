import ProcessTestSupport
import Testing

/// The script that holds connections with slow clients, with fewer of them and without time limits, which
/// `make slow` has.
@Suite(.timeLimit(.minutes(3))) struct SlowClientTests {
    @Test func `a healthy client is answered among slow ones, and after descriptors ran out`() async throws {
        let script = ProjectFolder.file("Tests/SlowClients/hold")
        let run = try await Tools.run("python3", [script, Tools.reelgate, "1000", "2", "--untimed"])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(run.lines.last == "a healthy client among slow ones, faults: 0", "\(run.text)")
    }
}
