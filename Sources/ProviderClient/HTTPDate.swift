/// The three forms of an HTTP date (RFC 9110 §5.6.7), as seconds since 1970.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// Reads any of the forms; `now` settles which century a two-digit year means.
    static func seconds(_ text: String, now: Int64) -> Int64? {
        let parts = text.split(separator: " ").map(String.init)
        guard let weekday = parts.first, weekdays.contains(String(weekday.prefix(3))) else { return nil }
        switch parts.count {
        case 6 where weekday.hasSuffix(",") && parts[5] == "GMT":
            // `Sun, 06 Nov 1994 08:49:37 GMT`
            let year = number(parts[3], 1970...9999)
            return seconds(year: year, month: parts[2], day: parts[1], time: parts[4])
        case 4 where weekday.hasSuffix(",") && parts[3] == "GMT":
            // `Sunday, 06-Nov-94 08:49:37 GMT`, obsolete.
            let date = parts[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
            guard date.count == 3 else { return nil }
            let year = century(date[2], now: now)
            return seconds(year: year, month: date[1], day: date[0], time: parts[2])
        case 5:
            // `Sun Nov  6 08:49:37 1994`, the form of C's asctime, obsolete.
            let year = number(parts[4], 1970...9999)
            return seconds(year: year, month: parts[1], day: parts[2], time: parts[3])
        default: return nil
        }
    }

    private static func seconds(year: Int64?, month: String, day: String, time: String) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let year, let month = months.firstIndex(of: month), clock.count == 3,
            let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = number(clock[2], 0...60),
            let day = number(day, 1...daysIn(month: month + 1, year: year))
        else { return nil }
        let days = daysSince1970(year: year, month: Int64(month) + 1, day: day)
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// RFC 9110 §5.6.7: a two-digit year more than 50 years ahead means the past.
    private static func century(_ text: String, now: Int64) -> Int64? {
        guard let short = number(text, 0...99) else { return nil }
        let thisYear = 1970 + now / 31_556_952
        var year = thisYear - thisYear % 100 + 100 + short
        while year > thisYear + 50 { year -= 100 }
        return year
    }

    private static func number(_ text: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else {
            return nil
        }
        return range.contains(number) ? number : nil
    }

    private static func daysIn(month: Int, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days of the Gregorian calendar, counted in years that begin in March so that leap days come last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
