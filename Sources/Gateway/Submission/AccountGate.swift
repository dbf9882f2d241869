import VideoJobs

/// A circuit breaker for the account: closed by a failure that concerns every job (a rejected key, no
/// connection, lost replies). After the backoff a single job is sent first, as the probe.
struct AccountGate {
    /// Why and until when the gate is closed.
    struct Closure {
        var reason: BlockReason
        /// The number of consecutive failed probes, including the failure that closed the gate.
        var failures: Int
        var until: MonotonicTime
        var probe: TaskID?
    }

    /// `nil` while it is open.
    private(set) var closure: Closure?

    var isProbing: Bool { closure?.probe != nil }

    /// Returns whether a job may be sent now. While the gate is closed that job becomes the probe: see
    /// `begin(_:)`.
    func isPassable(at now: MonotonicTime) -> Bool {
        guard let closure else { return true }
        return closure.probe == nil && now >= closure.until
    }

    /// Records that a submission begins.
    mutating func begin(_ id: TaskID) { closure?.probe = id }

    /// Ends a probe without a reply from the provider.
    mutating func endProbe(_ id: TaskID) {
        if closure?.probe == id { closure?.probe = nil }
    }

    mutating func open() { closure = nil }

    /// Makes a probe due now, and forgets earlier failures. Closes the gate if it is open: a single job is
    /// sent first.
    mutating func probe(_ reason: BlockReason, at now: MonotonicTime) {
        closure = Closure(reason: reason, failures: 0, until: now, probe: closure?.probe)
    }

    /// Closes the gate, or keeps it closed. Returns for how long.
    ///
    /// Submissions that were in flight when it closed do not count again, but the longest wait holds.
    mutating func close(
        _ reason: BlockReason, by id: TaskID, retry: RetryTerms, at now: MonotonicTime
    ) -> Duration {
        let isProbe = closure.map { $0.probe == id } ?? true
        let failures = (closure?.failures ?? 0) + (isProbe ? 1 : 0)
        let delay = retry.delay(after: failures)
        if isProbe {
            closure = Closure(reason: reason, failures: failures, until: now + delay)
        } else if let until = closure?.until {
            closure?.until = max(until, now + delay)
        }
        return delay
    }
}
