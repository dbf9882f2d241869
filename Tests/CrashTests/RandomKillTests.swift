import Foundation
import Testing
import TestSupport
import Transport

/// Gateways killed at random moments under concurrent load, and the ledgers compared.
///
/// `make test` runs as many kills as fit its time. `make crash` runs thousands: REELGATE_CRASH_KILLS says how
/// many, REELGATE_CRASH_SEED repeats a run's plans (not the moments at which threads meet).
@Suite(.timeLimit(.minutes(120))) struct RandomKillTests {
    /// After how many kills everything may finish and is compared.
    private static let killsPerStore = 20
    /// Stores that are tormented beside each other.
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
                group.addTask { try await Self.torment(seed, numbers, until: deadline) }
            }
            return try await group.reduce(into: CrashTable(), +=)
        }
        print("crash: seed \(seed)\n\(total.text)")
        #expect(total.kills > 0)
        #expect(total.accepted > 0)
        if wanted != nil { #expect(total.kills >= rounds * Self.killsPerStore, "time was over") }
    }

    /// One store after the other beside one provider.
    private static func torment(
        _ seed: UInt64, _ numbers: [Int], until deadline: ContinuousClock.Instant
    ) async throws -> CrashTable {
        let caller = Caller(loop: try EventLoop(label: "crash"))
        let provider = try await SimulatorProcess(taskSeconds: KillLoop.taskSeconds, caller: caller)
        var total = CrashTable()
        for number in numbers where ContinuousClock.now < deadline {
            let ordeal = try KillLoop(seed: seed &* 10_000 &+ UInt64(number), provider: provider)
            let (table, faults) = try await ordeal.run(kills: killsPerStore)
            total += table
            for fault in faults { Issue.record("run of seed \(seed): \(fault)") }
        }
        return total
    }
}
