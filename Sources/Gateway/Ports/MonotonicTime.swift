import VideoJobs

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
