import HTTPWire
package import VideoJobs

/// The `Retry-After` field (RFC 9110 §10.2.3).
package enum RetryAfter {
    /// Longer wishes are cut to this: a mistyped date must not stop us for years.
    package static let longest: Duration = .seconds(24 * 3600)

    /// How long to wait: seconds or an HTTP date; a date that has passed is no wait. `nil` for anything else.
    package static func wait(_ value: String, now: Timestamp) -> Duration? {
        let value = value.drop { $0 == " " || $0 == "\t" }
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard let seconds = Int64(value) else { return longest }
            return min(.seconds(seconds), longest)
        }
        guard let date = IMFDate.parse(String(value), now: now.seconds) else { return nil }
        return min(max(.seconds(date) - .milliseconds(now.milliseconds), .zero), longest)
    }
}
