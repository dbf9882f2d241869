import VideoJobs

/// Wall time from the start of the process, continued by the monotonic clock: changes of the wall clock do
/// not affect it.
struct SteadyTime: Sendable {
    private let clock: any GatewayClock
    private let wall: Timestamp
    private let start: MonotonicTime

    init(_ clock: any GatewayClock) {
        self.clock = clock
        wall = clock.now()
        start = clock.monotonic()
    }

    private var now: Timestamp { wall + (clock.monotonic() - start) }

    /// The earlier of the two clocks. Use it to decide expiry, so that nothing expires early.
    var earliest: Timestamp { min(now, clock.now()) }
    /// The later of the two clocks. Use it to start a period, so that the period is long enough.
    var latest: Timestamp { max(now, clock.now()) }
}
