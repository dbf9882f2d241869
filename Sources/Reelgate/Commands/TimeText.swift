import FoundationEssentials

/// Times in options: a length of time before now, a day, or a time.
enum TimeText {
    static let examples = "24h, 2026-01-31 or 2026-01-31T18:00:00Z"

    /// Returns a time in seconds since 1970; `nil` for anything else. Days are UTC.
    ///
    /// - Parameter now: in seconds since 1970.
    static func seconds(_ text: String, now: Int64) -> Int64? {
        if let length = DurationText.duration(text) { return max(0, now - length.components.seconds) }
        let isDay = text.utf8.count == 10
        let date = try? Date(isDay ? "\(text)T00:00:00Z" : text, strategy: .iso8601)
        guard let seconds = date?.timeIntervalSince1970, seconds >= 0 else { return nil }
        return Int64(seconds)
    }
}
