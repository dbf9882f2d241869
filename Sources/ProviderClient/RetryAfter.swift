package import HTTPFetching
import HTTPWire
package import VideoJobs

/// The `Retry-After` field (RFC 9110 §10.2.3).
package enum RetryAfter {
    /// Longer wishes are cut to this: a mistyped date must not stop us for years.
    package static let longest: Duration = .seconds(24 * 3600)

    /// How long an answer asks us to wait; `nil` if it does not say.
    ///
    /// A date is counted from the answer's own `Date`, so that it does not matter if their clock and ours
    /// disagree or ours jumps; from `now` only where there is none.
    package static func wait(askedBy answer: FetchResponse, now: Timestamp) -> Duration? {
        guard let value = answer["Retry-After"] else { return nil }
        let sent = answer["Date"].flatMap { IMFDate.parse($0, now: now.seconds) }
        return wait(value, now: sent.map { Timestamp(milliseconds: $0 * 1000) } ?? now)
    }

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
