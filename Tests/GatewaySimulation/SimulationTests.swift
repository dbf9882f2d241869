import Foundation
import Testing
import VideoJobs

@testable import Gateway

/// Which seeds are run: 1 to `REELGATE_SIMULATION_SEEDS`, or only `REELGATE_SIMULATION_SEED`.
enum Seeds {
    static let all: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let one = environment["REELGATE_SIMULATION_SEED"].flatMap({ UInt64($0) }) { return [one] }
        let count = environment["REELGATE_SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 200
        return Array(1...max(count, 1))
    }()

    /// A part of them, so that two cores have something to do.
    static func share(_ number: Int, of count: Int) -> [UInt64] {
        all.filter { Int($0 % UInt64(count)) == number }
    }
}

@Suite struct SimulationTests {
    @Test(arguments: 0..<4)
    func `no job is lost or bought twice, whatever fails`(_ share: Int) {
        for seed in Seeds.share(share, of: 4) {
            do { try Simulation(seed: seed).run() } catch { Issue.record("\(error)") }
        }
    }

    @Test func `the same seed twice is the same run`() throws {
        for seed in 7...UInt64(12) {
            let runs = [Simulation(seed: seed), Simulation(seed: seed)]
            for run in runs { try? run.run() }
            #expect(runs[0].steps == runs[1].steps)
            #expect(runs[0].trace.fingerprint == runs[1].trace.fingerprint)
        }
    }
}
