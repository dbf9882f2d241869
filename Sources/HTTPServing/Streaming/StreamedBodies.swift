/// The response bodies that are being streamed on one loop.
final class StreamedBodies {
    private var bodies: [UInt64: StreamedBody] = [:]
    private var lastID: UInt64 = 0

    /// Adds a body, and returns the id by which it is woken.
    func insert(_ body: StreamedBody) -> UInt64 {
        lastID += 1
        bodies[lastID] = body
        return lastID
    }

    func remove(_ id: UInt64) { bodies[id] = nil }

    /// Passes a wakeup to its body, unless that has ended.
    func deliver(_ wakeup: BodyWakeupQueue.Wakeup) {
        bodies[wakeup.bodyID]?.onWakeup(wakeup.isAbort ? .abort : .resume)
    }
}

@available(*, unavailable)
extension StreamedBodies: Sendable {}  // Belongs to one event loop.
