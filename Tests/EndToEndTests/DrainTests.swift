import ProcessTestSupport
import Testing

/// The script that ends gateways under load, for a few rounds; `make drain` runs it for longer.
@Suite(.timeLimit(.minutes(3))) struct DrainTests {
    @Test func `nobody who was let in goes unanswered when the gateway is told to end`() async throws {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        let script = tests.joined(separator: "/") + "/Drain/drain"
        let run = try await Tools.run("python3", [script, Tools.reelgate, "4"])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(run.lines.last == "4 rounds, unanswered or refused: 0")
    }
}
