internal import CLinux
internal import Glibc

/// The clocks of the operating system.
package enum SystemTime {
    /// Milliseconds since 1970 (UTC). May jump when the clock is set.
    package static var wallMilliseconds: Int64 { nanoseconds(CLOCK_REALTIME) / 1_000_000 }

    /// Milliseconds since some past moment. Never goes back.
    package static var monotonicMilliseconds: Int64 { nanoseconds(CLOCK_MONOTONIC) / 1_000_000 }

    /// Nanoseconds since some past moment. Never goes back.
    package static var monotonicNanoseconds: UInt64 { UInt64(nanoseconds(CLOCK_MONOTONIC)) }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        let result = unsafe clock_gettime(clock, &time)
        precondition(result == 0, "a clock that every Linux has")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Randomness from the operating system, fit for secrets.
package enum Entropy {
    /// This many random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let more = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe getrandom(buffer.baseAddress! + filled, count - filled, 0)
            }
            // Interrupted before anything was read: ask again. Nothing else can fail here.
            if more > 0 { filled += more }
        }
        return bytes
    }

    /// A random number.
    package static func number() -> UInt64 {
        bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension Duration {
    /// Whole nanoseconds, at least 0 and held within what a timer can express.
    package var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return 0 }
        // About 31 years: further timers are a mistake, but no reason to overflow.
        if seconds > 1_000_000_000 { return 1_000_000_000_000_000_000 }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
