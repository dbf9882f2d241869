import VideoJobs

/// Times in options: a length of time before now, a day, a time, or seconds since 1970.
enum TimeText {
    static let examples = "24h, 2026-01-31, 2026-01-31T18:00:00Z, 2026-01-31T18:00+01:00 or 1769882400"

    /// Fewer digits are rather a date or a length of time without its unit.
    private static let unixDigitsMin = 9
    private static let unixDigitsMax = 11

    /// Returns a time in seconds since 1970; `nil` for anything else. Days, and times without an offset, are
    /// UTC.
    ///
    /// - Parameter now: in seconds since 1970.
    static func seconds(_ text: String, now: Int64) -> Int64? {
        if let length = DurationText.duration(text) { return max(0, now - length.components.seconds) }
        if text.utf8.allSatisfy(isDigit) {
            return (unixDigitsMin...unixDigitsMax).contains(text.utf8.count) ? Int64(text) : nil
        }
        return DateTimeText(text)?.seconds.flatMap { $0 >= 0 ? $0 : nil }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
