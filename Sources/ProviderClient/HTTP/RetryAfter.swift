package import HTTPFetching
import HTTPWire
package import VideoJobs

/// Parsing of the `Retry-After` field (RFC 9110 §10.2.3) and common variants.
package enum RetryAfter {
    /// The maximum delay; longer ones are cut to it, so that a mistyped date cannot stop the gateway for
    /// years.
    package static let delayMax: Duration = .seconds(24 * 3600)

    /// Returns the delay that a response requests, or `nil`. The longest of several values counts.
    ///
    /// A date is relative to the response's own `Date` field, so that clock differences and jumps have no
    /// effect; relative to `now` only if that field is missing.
    package static func delay(requestedBy response: FetchResponse, now: Timestamp) -> Duration? {
        let sent = response["Date"].flatMap { ResponseDate.parse($0, now: now.seconds) }
        let origin = sent.map { Timestamp(milliseconds: $0 * 1000) } ?? now
        return response.fields.compactMap { field in
            switch field.name.lowercased() {
            case "retry-after": delay(field.value, now: origin)
            case "retry-after-ms": milliseconds(field.value)
            case _: nil
            }
        }.max()
    }

    /// Parses a field value: seconds or a date. A past date is a zero delay. `nil` for anything else.
    ///
    /// Fractions are rounded up, and a unit may follow: `4.5`, `5 seconds`, `1m`, `4000ms`, `PT5S`. Quotes
    /// and parameters, as in `"4"` and `4; comment`, are ignored.
    package static func delay(_ value: String, now: Timestamp) -> Duration? {
        let value = plain(value)
        if let seconds = seconds(value) { return seconds }
        if let date = ResponseDate.parse(value, now: now.seconds) {
            return min(max(.seconds(date) - .milliseconds(now.milliseconds), .zero), delayMax)
        }
        // Two fields combined by a proxy: the longer delay is the safe one.
        let parts = value.split(separator: ",")
        return parts.count > 1 ? parts.compactMap { seconds(String($0.trimmingBlanks)) }.max() : nil
    }

    private static func plain(_ value: String) -> String {
        let text = value.prefix { $0 != ";" }.trimmingBlanks
        guard let quote = text.first, quote == "\"" || quote == "'", text.count > 1, text.last == quote else {
            return String(text)
        }
        return String(text.dropFirst().dropLast().trimmingBlanks)
    }

    /// The names of each unit and its length in milliseconds.
    private static let units: [(names: [String], milliseconds: Double)] = [
        (["milliseconds", "millisecond", "millis", "msec", "ms"], 1),
        (["seconds", "second", "secs", "sec", "s"], 1000),
        (["minutes", "minute", "mins", "min", "m"], 60_000),
        (["hours", "hour", "hrs", "hr", "h"], 3_600_000),
    ]

    private static func seconds(_ value: String) -> Duration? {
        // ISO 8601: PT5S.
        var text = value.lowercased()[...]
        if text.hasPrefix("pt") { text = text.dropFirst(2) }
        var scale = 1000.0
        let named = units.flatMap { unit in unit.names.map { ($0, unit.milliseconds) } }
        // The longest matching name: `minutes` also ends in `s`.
        let unit = named.filter { text.hasSuffix($0.0) }.max { $0.0.count < $1.0.count }
        if let (name, milliseconds) = unit {
            text = text.dropLast(name.count).trimmingBlanks
            scale = milliseconds
        }
        guard let number = real(text) else { return nil }
        let delay = number * scale
        guard delay < 86_400_000 else { return delayMax }
        return scale == 1
            ? .milliseconds(Int64(delay.rounded(.up))) : .seconds(Int64((delay / 1000).rounded(.up)))
    }

    /// Parses a non-negative number with an optional plus sign, fraction or exponent.
    private static func real(_ text: Substring) -> Double? {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text
        guard let first = digits.utf8.first, first == UInt8(ascii: ".") || (0x30...0x39).contains(first),
            digits.allSatisfy({ "0123456789.e+-".contains($0) })
        else { return nil }
        return Double(digits)
    }

    private static func milliseconds(_ value: String) -> Duration? {
        guard let (integer, hasFraction) = number(value.trimmingBlanks) else { return nil }
        guard let count = Int64(integer), count < 86_400_000 else { return delayMax }
        return .milliseconds(count + (hasFraction ? 1 : 0))
    }

    /// Returns the integer digits, and whether the fraction is nonzero.
    private static func number(_ text: Substring) -> (integer: Substring, hasFraction: Bool)? {
        let isDigits: (Substring) -> Bool = { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let integer = parts.first, parts.allSatisfy(isDigits), parts.contains(where: { !$0.isEmpty })
        else { return nil }
        let fraction = parts.count > 1 ? parts[1] : ""
        return (integer.isEmpty ? "0" : integer, fraction.contains { $0 != "0" })
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: SubSequence {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return start }
        return start[...last]
    }
}
