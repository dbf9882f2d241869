import Gateway
import GatewayFakes
import Synchronization
import TestSupport

/// What can go wrong.
enum Fault: Int, CaseIterable, Sendable {
    // The process and the machine.
    case crash, stop, jump
    // The store.
    case storeRefuses, storeForgetsToSaySo, storeOutage
    // A POST.
    case notSent, lostBefore, lostAfter, neverAnswered, refused, tooMany, credentials, quota, unreachable,
        noChannel
    // A task at the provider.
    case failsThere, takesLong, neverEnds, forgotten, emptyAtFirst, linksDieYoung
    // A poll.
    case pollFails, pollSlow, pollUnknownWord
    // The archive.
    case copyFails, copySlow

    /// The highest rate of any seed, in millionths: for the first three per step, otherwise per occasion.
    var highest: UInt64 {
        switch self {
        case .crash: 8_000
        case .stop: 2_000
        case .jump: 8_000
        case .storeRefuses, .storeForgetsToSaySo: 60_000
        case .storeOutage: 5_000
        case .notSent, .lostBefore, .lostAfter, .neverAnswered, .refused, .tooMany: 200_000
        case .credentials, .quota, .unreachable, .noChannel: 30_000
        case .failsThere, .takesLong, .neverEnds, .forgotten: 100_000
        case .emptyAtFirst, .linksDieYoung: 500_000
        case .pollFails, .pollSlow, .pollUnknownWord: 200_000
        case .copyFails, .copySlow: 300_000
        }
    }
}

/// All chance of one simulation, from its seed: how often what goes wrong, and when.
///
/// Each seed has a climate of its own: a third of the faults never happens in it, so that the others are
/// also seen alone.
final class FaultInjector: Sendable {
    private struct State {
        var random: SeededRandom
        var rates: [UInt64] = []
        var seasons: [Fault: MonotonicTime] = [:]
        var isCalm = false
    }

    private let state: Mutex<State>

    init(seed: UInt64) {
        var state = State(random: SeededRandom(seed: seed))
        for fault in Fault.allCases {
            let isPossible = state.random.next() % 3 != 0
            state.rates.append(isPossible ? state.random.next() % fault.highest : 0)
        }
        self.state = Mutex(state)
    }

    /// From now on nothing goes wrong.
    func calm() { state.withLock { $0.isCalm = true } }

    func strikes(_ fault: Fault) -> Bool {
        state.withLock { state in
            let rate = state.rates[fault.rawValue]
            return rate > 0 && !state.isCalm && state.random.next() % 1_000_000 < rate
        }
    }

    /// A fault that stays for a while once it has begun.
    func isSeason(of fault: Fault, at now: MonotonicTime, seconds: ClosedRange<Int>) -> Bool {
        if state.withLock({ !$0.isCalm && $0.seasons[fault, default: now] > now }) { return true }
        guard strikes(fault) else { return false }
        let end = now + .seconds(pick(seconds))
        state.withLock { $0.seasons[fault] = end }
        return true
    }

    func pick(_ range: ClosedRange<Int>) -> Int {
        state.withLock { range.lowerBound + Int($0.random.next() % UInt64(range.count)) }
    }

    func next() -> UInt64 { state.withLock { $0.random.next() } }
}

extension ManualClock {
    /// Waits for a moment that the weather chooses, at least a millisecond: others may run meanwhile, and
    /// the process may end.
    func pause(_ weather: FaultInjector, milliseconds: ClosedRange<Int>) async {
        await self.sleep(until: monotonic() + .milliseconds(weather.pick(milliseconds)))
    }
}
