import Gateway
import Synchronization
import TestSupport

/// Decides at random, from the seed of a simulation, which faults occur and when.
///
/// The rates depend on the seed. A third of the faults never occurs under one seed, so that the others are
/// also tested alone.
final class FaultInjector: Sendable {
    private struct State {
        var random: SeededRandom
        var rates: [UInt64] = []
        var outages: [Fault: MonotonicTime] = [:]
        var isDisabled = false
    }

    private let state: Mutex<State>

    init(seed: UInt64) {
        var state = State(random: SeededRandom(seed: seed))
        for fault in Fault.allCases {
            let isPossible = state.random.next() % 3 != 0
            state.rates.append(isPossible ? state.random.next() % fault.highestRate : 0)
        }
        self.state = Mutex(state)
    }

    /// Injects no more faults.
    func disable() { state.withLock { $0.isDisabled = true } }

    /// Returns whether a fault occurs on this occasion.
    func occurs(_ fault: Fault) -> Bool {
        state.withLock { state in
            let rate = state.rates[fault.rawValue]
            return rate > 0 && !state.isDisabled && state.random.next() % 1_000_000 < rate
        }
    }

    /// Returns whether an outage is in progress. It begins at the rate of its fault and lasts for a time
    /// within `seconds`.
    func isOutage(of fault: Fault, at now: MonotonicTime, seconds: ClosedRange<Int>) -> Bool {
        if state.withLock({ !$0.isDisabled && $0.outages[fault, default: now] > now }) { return true }
        guard occurs(fault) else { return false }
        let end = now + .seconds(pick(seconds))
        state.withLock { $0.outages[fault] = end }
        return true
    }

    /// Returns a random number in a range.
    func pick(_ range: ClosedRange<Int>) -> Int {
        state.withLock { range.lowerBound + Int($0.random.next() % UInt64(range.count)) }
    }

    /// Returns 64 random bits.
    func next() -> UInt64 { state.withLock { $0.random.next() } }
}
