import Testing
import Transport

/// The harness of the random kills, with a few of them: a small example.
@Suite(.timeLimit(.minutes(3))) struct KillLoopTests {
    @Test func `a loop kills gateways under load and finds no issue in the ledgers`() async throws {
        let client = CrashTestClient(loop: try EventLoop(label: "kill loop"))
        let provider = try await SimulatorProcess(taskSeconds: KillLoop.taskSeconds, client: client)
        let loop = try KillLoop(seed: 1, provider: provider)
        let (table, issues) = try await loop.run(kills: 3)
        #expect(issues == [])
        #expect(table.kills == 3)
        #expect(table.lost + table.boughtTwice + table.other == 0)
    }
}
