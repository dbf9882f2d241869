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

    /// The processor time that all threads of the process have used.
    package static var processorTime: Duration { .nanoseconds(nanoseconds(CLOCK_PROCESS_CPUTIME_ID)) }

    /// Returns a moment in UTC as RFC 3339 has it: `2026-01-31T23:59:59.007Z`. Foundation's formatter would
    /// load the data of all time zones.
    ///
    /// - Parameter milliseconds: since 1970, in the years 0…9999.
    package static func timestamp(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000)
        // Unsafe for the pointer to the zone's name, which is not read.
        var parts = unsafe tm()
        let isConverted = unsafe gmtime_r(&seconds, &parts) != nil
        precondition(isConverted, "a year that C can express")
        let numbers = unsafe [
            (parts.tm_year + 1900, 4, "-"), (parts.tm_mon + 1, 2, "-"), (parts.tm_mday, 2, "T"),
            (parts.tm_hour, 2, ":"), (parts.tm_min, 2, ":"), (parts.tm_sec, 2, "."),
            (CInt(milliseconds - Int64(seconds) * 1000), 3, "Z"),
        ]
        var text = ""
        for (number, width, separator) in numbers {
            let digits = String(Int(number))
            text += String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits + separator
        }
        return text
    }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        let result = unsafe clock_gettime(clock, &time)
        precondition(result == 0, "a clock that every Linux has")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
