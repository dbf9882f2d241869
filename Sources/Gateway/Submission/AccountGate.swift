import VideoJobs

/// Whether anything may be sent: closed by what concerns every job (a rejected key, no connection, lost
/// replies). When its time is over a single job goes first, as the probe.
struct AccountGate {
    struct Closure {
        var obstacle: BlockReason
        /// How often in a row it was closed by a probe, or at first.
        var refusals: Int
        var until: MonotonicTime
        var probe: TaskID?
    }

    /// `nil` while it is open.
    private(set) var closure: Closure?

    var isProbing: Bool { closure?.probe != nil }

    /// Whether a job may be sent now. While it is closed, that job becomes the probe: see `begin(_:)`.
    func isPassable(at now: MonotonicTime) -> Bool {
        guard let closure else { return true }
        return closure.probe == nil && now >= closure.until
    }

    /// Notes that a submission begins.
    mutating func begin(_ id: TaskID) { closure?.probe = id }

    /// Forgets that a task was the probe, without an answer from the provider.
    mutating func endProbe(_ id: TaskID) {
        if closure?.probe == id { closure?.probe = nil }
    }

    mutating func open() { closure = nil }

    /// Closes it, or keeps it closed. Returns for how long.
    ///
    /// Of those that were on their way when it closed none counts again, but the longest wait holds.
    mutating func close(
        _ obstacle: BlockReason, by id: TaskID, retry: RetryTerms, at now: MonotonicTime
    ) -> Duration {
        let isProbe = closure.map { $0.probe == id } ?? true
        let refusals = (closure?.refusals ?? 0) + (isProbe ? 1 : 0)
        let delay = retry.delay(after: refusals)
        if isProbe {
            closure = Closure(obstacle: obstacle, refusals: refusals, until: now + delay)
        } else if let until = closure?.until {
            closure?.until = max(until, now + delay)
        }
        return delay
    }
}
