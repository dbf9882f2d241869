import Gateway
import HTTPServing
import Synchronization

/// Wakes each stream every 15 s, so that it sends a comment: one timer for all, which wakes a fifteenth of
/// them each second.
final class EventHeartbeat: Sendable {
    private struct State {
        var streams = 0
        var isRunning = false
        var isObserving = false
        var lastSlot = 0
    }

    /// Seconds between two comments.
    static let interval = 15

    private let groups = (0..<interval).map { _ in BodyWakeupGroup() }
    private let ticks = Atomic<Int>(0)
    private let state = Mutex(State())

    /// Adds a stream. Returns its slot, which names it together with others.
    func join(_ wakeup: BodyWakeup, in gateway: VideoGateway) -> Int {
        let (slot, starts, observes) = state.withLock { state in
            state.streams += 1
            state.lastSlot = state.lastSlot % Self.interval + 1
            defer { (state.isRunning, state.isObserving) = (true, true) }
            return (state.lastSlot, !state.isRunning, !state.isObserving)
        }
        groups[slot % Self.interval].insert(wakeup)
        if observes { gateway.policy.observe { [weak self] in self?.wakeAll() } }
        if starts { schedule(in: gateway) }
        return slot
    }

    func leave(_ wakeup: BodyWakeup, slot: Int) {
        groups[slot % Self.interval].remove(wakeup)
        state.withLock { $0.streams -= 1 }
    }

    /// The number of comments that were due in a slot until now.
    func beats(of slot: Int) -> Int {
        (ticks.load(ordering: .acquiring) + Self.interval - slot) / Self.interval
    }

    /// Wakes all streams: tokens or roles have changed.
    private func wakeAll() { for group in groups { group.resumeAll() } }

    private func schedule(in gateway: VideoGateway) {
        gateway.run(after: .seconds(1)) { [weak self, weak gateway] in
            guard let self, let gateway else { return }
            tick(in: gateway)
        }
    }

    private func tick(in gateway: VideoGateway) {
        let tick = ticks.add(1, ordering: .acquiringAndReleasing).newValue
        groups[tick % Self.interval].resumeAll()
        let goesOn = state.withLock { state in
            state.isRunning = state.streams > 0
            return state.isRunning
        }
        if goesOn { schedule(in: gateway) }
    }
}
