import Synchronization

/// Something that happens once and can be waited for.
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

    /// Returns when the signal is given, or the surrounding task is cancelled. One caller only.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let set = phase.withLock { phase in
                    if case .set = phase { return true }
                    phase = .awaited(continuation)
                    return false
                }
                if set { continuation.resume() }
            }
        } onCancel: {
            set()
        }
    }
}

extension GatewayPorts {
    /// Waits for a signal, but not beyond the given time.
    func wait(for signal: AsyncEvent, until deadline: MonotonicTime) async {
        let clock = clock
        let timer = start {
            await clock.sleep(until: deadline)
            signal.set()
        }
        await signal.wait()
        timer.cancel()
    }
}
