import ProcessTestSupport
import Testing

/// The harness of the table of faults, with one row: a small example.
@Suite(.timeLimit(.minutes(3))) struct FaultRunTests {
    @Test func `a run injects the fault of a row and returns the outcome of its job`() async throws {
        let simulator = try await EndToEndFixture()
        let prompt = FaultRun.prompt("no response")
        try await simulator.script(
            #"[{"match":{"kind":"create","prompt":"\#(prompt)"},"do":{"cut":"after"}}]"#)
        let row = FaultRow(
            fault: "no response", provider: .script(#""cut":"after""#), expected: .unknown(1, accepted: 1))
        var run = FaultRun(home: simulator, authority: try await CertificateAuthority())
        #expect(try await run.run(row) == row.expected)
    }
}
