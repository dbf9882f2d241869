import Synchronization

/// An event that is set once and can be awaited by one caller.
final class AsyncEvent: Sendable {
    private enum Phase {
        case pending
        case awaited(CheckedContinuation<Void, Never>)
        case set
    }

    private let phase = Mutex(Phase.pending)

    /// Ends the wait, now or to come. Further calls change nothing.
    func set() {
        let waiting: CheckedContinuation<Void, Never>? = phase.withLock { phase in
            defer { phase = .set }
            guard case .awaited(let continuation) = phase else { return nil }
            return continuation
        }
        waiting?.resume()
    }

    /// Returns when the event is set or the surrounding task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await waitIgnoringCancellation()
        } onCancel: {
            set()
        }
    }

    /// Returns when the event is set.
    func waitIgnoringCancellation() async {
        await withCheckedContinuation { continuation in
            let isSet = phase.withLock { phase in
                if case .set = phase { return true }
                phase = .awaited(continuation)
                return false
            }
            if isSet { continuation.resume() }
        }
    }

    /// Returns when the surrounding task is cancelled.
    static func cancellation() async { await AsyncEvent().wait() }
}

extension GatewayPorts {
    /// Waits for an event, but not beyond the given time.
    func wait(for event: AsyncEvent, until deadline: MonotonicTime) async {
        let clock = clock
        let timer = start {
            await clock.sleep(until: deadline)
            event.set()
        }
        await event.wait()
        timer.cancel()
    }
}
