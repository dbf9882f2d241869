/// A wall-clock time in milliseconds since 1970. For records only; intervals are measured with
/// `MonotonicTime`.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package var seconds: Int64 { milliseconds / 1000 }

    package static func < (one: Timestamp, other: Timestamp) -> Bool { one.milliseconds < other.milliseconds }

    package static func + (time: Timestamp, interval: Duration) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + interval.milliseconds)
    }

    package static func - (one: Timestamp, other: Timestamp) -> Duration {
        .milliseconds(one.milliseconds - other.milliseconds)
    }
}

extension Duration {
    /// The duration in milliseconds, rounded down.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
