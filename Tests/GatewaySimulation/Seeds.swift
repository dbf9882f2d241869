import Foundation

/// The seeds of a test run: 1 to `REELGATE_SIMULATION_SEEDS`, or only `REELGATE_SIMULATION_SEED`.
enum Seeds {
    static let all: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let one = environment["REELGATE_SIMULATION_SEED"].flatMap({ UInt64($0) }) { return [one] }
        let count = environment["REELGATE_SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 200
        return Array(1...max(count, 1))
    }()

    /// Returns one of `count` equal parts of all seeds, for parallel runs.
    static func share(_ number: Int, of count: Int) -> [UInt64] {
        all.filter { Int($0 % UInt64(count)) == number }
    }
}
