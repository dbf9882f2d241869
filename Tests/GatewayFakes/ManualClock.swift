package import Gateway
import Synchronization
package import VideoJobs

/// A clock that only `advance(by:)` moves. Its wall time can jump; its monotonic time cannot.
package final class ManualClock: GatewayClock {
    private struct Sleeper {
        let number: Int
        let until: MonotonicTime
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var monotonic = MonotonicTime(milliseconds: 1_000_000)
        var wall = Timestamp(milliseconds: 1_757_165_031_000)
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var lastNumber = 0
    }

    private let state = Mutex(State())

    package init() {}

    package func now() -> Timestamp { state.withLock { $0.wall } }
    package func monotonic() -> MonotonicTime { state.withLock { $0.monotonic } }

    package func sleep(until time: MonotonicTime) async {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let over = state.withLock { state in
                    if time <= state.monotonic || state.cancelled.remove(number) != nil { return true }
                    state.sleepers.append(Sleeper(number: number, until: time, continuation: continuation))
                    return false
                }
                if over { continuation.resume() }
            }
        } onCancel: {
            wake {
                $0.number == number
            } otherwise: {
                $0.cancelled.insert(number)
            }
        }
    }

    /// The earliest wakeup time of a sleeper.
    package var nextWake: MonotonicTime? { state.withLock { $0.sleepers.map(\.until).min() } }

    /// Sleepers that wait now.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Advances both clocks and wakes the sleepers whose time has come.
    package func advance(by interval: Duration) {
        state.withLock { state in
            state.monotonic = state.monotonic + interval
            state.wall = state.wall + interval
        }
        let now = monotonic()
        wake {
            $0.until <= now
        } otherwise: { _ in
        }
    }

    /// Wakes all sleepers, so that none remains after their executor was terminated.
    package func wakeAllSleepers() {
        wake { _ in
            true
        } otherwise: { _ in
        }
    }

    /// Moves only the wall clock, as an administrator or NTP may.
    package func jump(by interval: Duration) { state.withLock { $0.wall = $0.wall + interval } }

    private func wake(_ isDue: (Sleeper) -> Bool, otherwise record: (inout State) -> Void) {
        let due = state.withLock { state in
            let due = state.sleepers.filter(isDue)
            state.sleepers.removeAll(where: isDue)
            if due.isEmpty { record(&state) }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }
}
