extension Timestamp {
    /// The time as `2026-11-29T10:00:00.123Z` (RFC 3339).
    package var iso8601: String {
        let date = UTCDate(of: self)
        let rest = milliseconds - date.start.milliseconds
        let seconds = rest / 1000
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, to: 2) }
        return "\(date)T\(parts.joined(separator: ":")).\(Self.padded(rest % 1000, to: 3))Z"
    }

    private static func padded(_ number: Int64, to length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}
