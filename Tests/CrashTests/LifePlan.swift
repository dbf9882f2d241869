import CrashPoints

/// The load and the kill of one gateway, derived from a seed.
struct LifePlan: Sendable {
    /// When a gateway is killed.
    enum Kill: Sendable {
        /// After this time from its start, most likely before it listens.
        case whileStarting(after: Duration)
        /// After this time from when it listens.
        case underLoad(after: Duration)
        /// At a crash point; after a timeout if it never reaches it.
        case at(String)
    }

    var kill: Kill
    /// The number of new jobs.
    var jobs: Int
    /// The number of concurrent clients.
    var clients: Int

    /// Draws the next plan: one in seven is killed at its start, one in four at a crash point.
    init(using random: inout some RandomNumberGenerator) {
        jobs = Int.random(in: 0...12, using: &random)
        clients = Int.random(in: 1...8, using: &random)
        switch Int.random(in: 0..<28, using: &random) {
        case 0..<4: kill = .whileStarting(after: .milliseconds(Int.random(in: 0...220, using: &random)))
        case 4..<11:
            let point = CrashPoint.allCases.randomElement(using: &random) ?? .committing
            kill = .at("\(point):\(Int.random(in: 1...12, using: &random))")
        default: kill = .underLoad(after: .milliseconds(Int.random(in: 0...150, using: &random)))
        }
    }

    var crashPoint: String? { if case .at(let point) = kill { point } else { nil } }
}
