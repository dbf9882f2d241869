internal import Synchronization

/// A `BodySource` that is written from any thread, with a bounded buffer: for events that go to many clients.
///
/// A client that does not take what is sent to it, until the buffer is full, is cut off: its response is
/// aborted. The arrays that are sent are shared, not copied.
package final class BodyChannel: BodySource {
    private struct State {
        var segments: [ArraySlice<UInt8>] = []
        /// The first segment that was not read.
        var next = 0
        var byteCount = 0
        /// Whether the connection found nothing to read, and waits for a wakeup.
        var isWaiting = false
        var isFinished = false
        var isCancelled = false
        /// Whether the client was too slow: nothing more is read, nor is there an end.
        var isAborted = false
        var wakeup: BodyWakeup?
    }

    package let isEvictable: Bool
    private let byteLimit: Int
    private let endsOnDrain: Bool
    private let onCancel: (@Sendable () -> Void)?
    private let state = Mutex(State())

    /// Makes a channel that holds at most `byteLimit` bytes.
    ///
    /// An endless body may be evicted, and ends after what it holds when the server drains. `onCancel` is
    /// called once if the body is not read to its end.
    package init(
        byteLimit: Int = 64 * 1024, isEndless: Bool = true, onCancel: (@Sendable () -> Void)? = nil
    ) {
        self.byteLimit = byteLimit
        isEvictable = isEndless
        endsOnDrain = isEndless
        self.onCancel = onCancel
    }

    /// Bytes that were sent and not read.
    package var heldBytes: Int { state.withLock { $0.byteCount } }

    /// Appends bytes; false if the body has ended, or ends now because its client is too slow.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        if bytes.isEmpty { return true }
        let (isSent, wakeup, isAbort) = state.withLock { state -> (Bool, BodyWakeup?, Bool) in
            if state.isFinished || state.isCancelled || state.isAborted { return (false, nil, false) }
            if state.byteCount + bytes.count > byteLimit {
                state.isAborted = true
                Self.clear(&state)
                return (false, state.wakeup, true)
            }
            state.segments.append(bytes[...])
            state.byteCount += bytes.count
            return (true, Self.takeWakeup(&state), false)
        }
        if isAbort { wakeup?.abort() } else { wakeup?.resume() }
        return isSent
    }

    /// Ends the body after what was sent.
    package func finish() {
        let wakeup = state.withLock { state in
            state.isFinished = true
            return Self.takeWakeup(&state)
        }
        wakeup?.resume()
    }

    package func open(_ wakeup: BodyWakeup) { state.withLock { $0.wakeup = wakeup } }

    package func read(upTo limit: Int) -> BodyRead {
        state.withLock { state in
            guard state.next < state.segments.count else {
                if state.isFinished, !state.isAborted { return .end }
                state.isWaiting = true
                return .pending
            }
            let segment = state.segments[state.next]
            let bytes = segment.prefix(limit)
            state.byteCount -= bytes.count
            // An empty slice of the same array would keep it.
            state.segments[state.next] = bytes.count == segment.count ? [] : segment.dropFirst(limit)
            if bytes.count == segment.count { state.next += 1 }
            if state.next == state.segments.count { Self.clear(&state) }
            return .bytes(bytes)
        }
    }

    package func beginDraining() {
        if endsOnDrain { finish() }
    }

    package func cancel() {
        state.withLock { state in
            state.isCancelled = true
            Self.clear(&state)
        }
        onCancel?()
    }

    private static func clear(_ state: inout State) {
        state.segments = []
        state.next = 0
        state.byteCount = 0
    }

    private static func takeWakeup(_ state: inout State) -> BodyWakeup? {
        guard state.isWaiting else { return nil }
        state.isWaiting = false
        return state.wakeup
    }
}
