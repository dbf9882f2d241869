extension Duration {
    /// Whole nanoseconds, clamped to what a timer can express; 0 for negative durations.
    package var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return 0 }
        // About 31 years: longer timers are mistakes, but must not overflow.
        if seconds > 1_000_000_000 { return 1_000_000_000_000_000_000 }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
