/// A time to wait as a person reads it: `45 s`, `2 min 5 s`, `12 min`, `1 h 45 min`, `3 d 4 h`.
package enum WaitText {
    /// Returns whole seconds as at most two units, rounded up.
    package static func text(seconds: Int) -> String {
        let seconds = max(0, seconds)
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 600 { return join(seconds / 60, "min", seconds % 60, "s") }
        let minutes = seconds / 60 + (seconds % 60 > 0 ? 1 : 0)
        if minutes < 60 { return "\(minutes) min" }
        if minutes < 24 * 60 { return join(minutes / 60, "h", minutes % 60, "min") }
        let hours = minutes / 60 + (minutes % 60 > 0 ? 1 : 0)
        return join(hours / 24, "d", hours % 24, "h")
    }

    private static func join(_ large: Int, _ unit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(smallUnit)"
    }
}
