import Foundation
import Testing
import TestSupport
import Transport

/// Kills gateways at random times under concurrent load and compares the ledgers.
///
/// `make test` runs as many kills as fit its time. `make crash` runs thousands: REELGATE_CRASH_KILLS sets
/// how many, REELGATE_CRASH_SEED repeats the plans of a run (not the timing of its threads).
@Suite(.timeLimit(.minutes(120))) struct RandomKillTests {
    /// The number of kills after which tasks may finish and the ledgers are compared.
    private static let killsPerStore = 20
    /// The number of stores that are tested at the same time.
    private static let atOnce = 2

    @Test func `no random kill loses a job or buys one twice`() async throws {
        let settings = ProcessInfo.processInfo.environment
        let seed = settings["REELGATE_CRASH_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1_000_000_000)
        let wanted = settings["REELGATE_CRASH_KILLS"].flatMap { Int($0) }
        let bound: Duration = wanted == nil ? .seconds(100) : .seconds(7000)
        let rounds = ((wanted ?? 200) + Self.killsPerStore - 1) / Self.killsPerStore
        print("crash: seed \(seed), \(rounds) stores of \(Self.killsPerStore) kills")

        let deadline = ContinuousClock.now + bound
        let total = try await withThrowingTaskGroup(of: CrashTable.self) { group in
            for line in 0..<Self.atOnce {
                let numbers = Array(stride(from: line, to: rounds, by: Self.atOnce))
                group.addTask { try await Self.runStores(seed, numbers, until: deadline) }
            }
            return try await group.reduce(into: CrashTable(), +=)
        }
        print("crash: seed \(seed)\n\(total.text)")
        #expect(total.kills > 0)
        #expect(total.accepted > 0)
        if wanted != nil { #expect(total.kills >= rounds * Self.killsPerStore, "the time limit was reached") }
    }

    /// Runs the kills of one store after the other, with one provider.
    private static func runStores(
        _ seed: UInt64, _ numbers: [Int], until deadline: ContinuousClock.Instant
    ) async throws -> CrashTable {
        let client = CrashTestClient(loop: try EventLoop(label: "crash"))
        let provider = try await SimulatorProcess(taskSeconds: KillLoop.taskSeconds, client: client)
        var total = CrashTable()
        for number in numbers where ContinuousClock.now < deadline {
            let killLoop = try KillLoop(seed: seed &* 10_000 &+ UInt64(number), provider: provider)
            let (table, issues) = try await killLoop.run(kills: killsPerStore)
            total += table
            for fault in issues { Issue.record("run of seed \(seed): \(fault)") }
        }
        return total
    }
}
