import Synchronization
import VideoJobs

/// The slots of copies in progress, given in the order of `CopyQueue`.
final class CopySlots: Sendable {
    private struct State {
        var queue: CopyQueue
        var waiting: [UInt64: AsyncEvent] = [:]
        var isClosed = false
    }

    private let state: Mutex<State>

    init(limit: Int, limitPerHost: Int) {
        state = Mutex(State(queue: CopyQueue(limit: limit, limitPerHost: limitPerHost)))
    }

    /// Waits for a slot. Returns whether it was given: not once the slots are closed.
    func take(host: String, expiry: Timestamp) async -> Bool {
        let event = AsyncEvent()
        let number: UInt64? = state.withLock { state in
            guard !state.isClosed else { return nil }
            let number = state.queue.enqueue(host: host, expiry: expiry)
            state.waiting[number] = event
            return number
        }
        guard let number else { return false }
        giveFree()
        await event.waitIgnoringCancellation()
        // Closing leaves the waiting ones in place, without a slot.
        return state.withLock { $0.waiting.removeValue(forKey: number) == nil }
    }

    /// Returns a slot.
    func release(host: String) {
        state.withLock { $0.queue.end(host: host) }
        giveFree()
    }

    /// Ends all waits; no further slot is given.
    func close() {
        let events: [AsyncEvent] = state.withLock { state in
            state.isClosed = true
            state.queue.removeWaiting()
            return Array(state.waiting.values)
        }
        for event in events { event.set() }
    }

    private func giveFree() {
        let events: [AsyncEvent] = state.withLock { state in
            state.queue.begin().compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for event in events { event.set() }
    }
}
