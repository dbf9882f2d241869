internal import CLinux
internal import Glibc

/// The clocks of the operating system.
package enum SystemTime {
    /// Milliseconds since 1970 (UTC). Jumps when the clock is set.
    package static var wallMilliseconds: Int64 { nanoseconds(CLOCK_REALTIME) / 1_000_000 }

    /// Nanoseconds since 1970 (UTC). Jumps when the clock is set.
    package static var wallNanoseconds: UInt64 { UInt64(max(0, nanoseconds(CLOCK_REALTIME))) }

    /// Milliseconds since an arbitrary moment; never decreases.
    package static var monotonicMilliseconds: Int64 { nanoseconds(CLOCK_MONOTONIC) / 1_000_000 }

    /// Nanoseconds since an arbitrary moment; never decreases.
    package static var monotonicNanoseconds: UInt64 { UInt64(nanoseconds(CLOCK_MONOTONIC)) }

    /// Milliseconds since the kernel started, time in which the machine slept included.
    package static var bootMilliseconds: Int64 { nanoseconds(CLOCK_BOOTTIME) / 1_000_000 }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        let result = unsafe clock_gettime(clock, &time)
        precondition(result == 0, "a clock that every Linux has")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
