import HTTPWire
import VideoJobs

/// Parsing of dates in responses: the three HTTP formats and common variants.
enum ResponseDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// Returns seconds since 1970. `now` determines the century of a two-digit year.
    ///
    /// Accepted beyond RFC 9110 §5.6.7: a missing or wrong weekday, another zone (`+0000`, `UTC`, `-0800`),
    /// and ISO 8601. A date without a zone is GMT, as in C's asctime.
    static func parse(_ text: String, now: Int64) -> Int64? {
        IMFDate.parse(text, now: now) ?? iso8601(text) ?? loose(text, now: now)
    }

    /// Parses `Sun, 06 Nov 1994 08:49:37 +0000` with day, month and year in any order.
    private static func loose(_ text: String, now: Int64) -> Int64? {
        let tokens = text.lowercased().split { " ,\t".contains($0) }.flatMap { token -> [Substring] in
            let parts = token.split(separator: "-", omittingEmptySubsequences: false)
            return parts.count == 3 ? parts : [token]
        }
        guard let month = tokens.compactMap({ months.firstIndex(of: String($0.prefix(3))) }).first,
            let time = tokens.first(where: { $0.contains(":") }), let seconds = clock(time)
        else { return nil }
        let numbers = tokens.filter { $0.allSatisfy { $0.isASCII && $0.isNumber } }.compactMap { Int($0) }
        guard numbers.count == 2, let offset = zone(tokens.last ?? "") else { return nil }
        let (day, year) = numbers[0] > 31 ? (numbers[1], numbers[0]) : (numbers[0], numbers[1])
        let century = year < 70 ? 2000 : 1900
        return timestamp(year < 100 ? century + year : year, month + 1, day, seconds).map { $0 - offset }
    }

    /// Parses `2026-11-29T10:00:00.5Z`, also with a space instead of the T or an offset instead of the Z.
    private static func iso8601(_ text: String) -> Int64? {
        let text = text.uppercased()
        guard text.count >= 19, text.dropFirst(4).first == "-" else { return nil }
        let date = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        let rest = text.dropFirst(11)
        guard date.count == 3, let seconds = clock(rest.prefix(8)) else { return nil }
        let suffix = rest.dropFirst(8).drop { $0 == "." || $0.isNumber }
        guard let offset = suffix.isEmpty ? 0 : zone(suffix.filter { $0 != ":" && $0 != " " }) else {
            return nil
        }
        // A fraction of a second is rounded up, so that no retry is early.
        let hasFraction = rest.dropFirst(8).first == "."
        return timestamp(date[0], date[1], date[2], seconds).map { $0 - offset + (hasFraction ? 1 : 0) }
    }

    /// Returns the seconds since midnight.
    private static func clock(_ text: some StringProtocol) -> Int64? {
        let parts = text.split(separator: ":").compactMap { Int64($0) }
        guard parts.count == 3, (0...23).contains(parts[0]), (0...59).contains(parts[1]),
            (0...60).contains(parts[2])
        else { return nil }
        return parts[0] * 3600 + parts[1] * 60 + parts[2]
    }

    /// Returns the UTC offset in seconds; `nil` for an unknown zone.
    private static func zone(_ text: some StringProtocol) -> Int64? {
        let name = text.lowercased()
        if ["gmt", "utc", "ut", "z"].contains(name) { return 0 }
        guard let sign = name.first, sign == "+" || sign == "-" else {
            // The last part of a date without a zone.
            return name.allSatisfy { $0.isNumber || $0 == ":" } ? 0 : nil
        }
        let digits = name.dropFirst().filter { $0 != ":" }
        guard digits.count == 4, let number = Int64(digits), number < 2400 else { return nil }
        return (number / 100 * 3600 + number % 100 * 60) * (sign == "-" ? -1 : 1)
    }

    /// Returns seconds since 1970; `nil` for a day that does not exist.
    private static func timestamp(_ year: Int, _ month: Int, _ day: Int, _ seconds: Int64) -> Int64? {
        guard year >= 1970, let date = UTCDate(year: Int64(year), month: Int64(month), day: Int64(day)) else {
            return nil
        }
        return date.start.seconds + seconds
    }
}
