import VideoJobs

/// Wall time carried on by the monotonic clock: what an administrator or NTP does to the wall clock meanwhile
/// does not touch it.
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

    /// The earlier of both: nothing that is over by it can be over too soon.
    var earliest: Timestamp { min(now, clock.now()) }
    /// The later of both: what is to last from it lasts long enough.
    var latest: Timestamp { max(now, clock.now()) }
}
