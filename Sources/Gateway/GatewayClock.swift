package import VideoJobs

/// Time as the gateway sees it. Wall time is for records; every interval runs on the monotonic clock.
package protocol GatewayClock: Sendable {
    func now() -> Timestamp
    func monotonic() -> MonotonicTime
    /// Returns at the given time, or at once when the surrounding task is cancelled.
    func sleep(until time: MonotonicTime) async
}

/// A point on a clock that never jumps, in milliseconds since an arbitrary start.
package struct MonotonicTime: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (one: MonotonicTime, other: MonotonicTime) -> Bool {
        one.milliseconds < other.milliseconds
    }

    package static func + (time: MonotonicTime, interval: Duration) -> MonotonicTime {
        MonotonicTime(milliseconds: time.milliseconds + interval.milliseconds)
    }

    package static func - (one: MonotonicTime, other: MonotonicTime) -> Duration {
        .milliseconds(one.milliseconds - other.milliseconds)
    }
}
