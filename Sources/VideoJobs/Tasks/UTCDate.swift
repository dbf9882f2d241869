/// A date of the Gregorian calendar, in UTC.
package struct UTCDate: Equatable, Sendable, CustomStringConvertible {
    private static let dayMilliseconds: Int64 = 86_400_000

    /// Days since 1970-01-01.
    private let days: Int64

    private init(days: Int64) { self.days = days }

    /// The date of a time.
    package init(of time: Timestamp) {
        let (quotient, remainder) = time.milliseconds.quotientAndRemainder(dividingBy: Self.dayMilliseconds)
        days = remainder < 0 ? quotient - 1 : quotient
    }

    /// `nil` if the calendar has no such date.
    package init?(year: Int64, month: Int64, day: Int64) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Howard Hinnant's `days_from_civil`, the inverse of `civil`.
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(days: era * 146_097 + dayOfEra - 719_468)
        // The day after the last of a month is the first of the next.
        guard civil == (year, month, day) else { return nil }
    }

    /// Reads a date such as `2026-11-29`; `nil` if the text has another form or there is no such date.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2] else { return nil }
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(part) : nil
        }
        guard numbers.count == 3 else { return nil }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }

    /// When the date begins.
    package var start: Timestamp { Timestamp(milliseconds: days * Self.dayMilliseconds) }

    /// The next date.
    package var next: UTCDate { UTCDate(days: days + 1) }

    /// The first date of the month.
    package var firstOfMonth: UTCDate { UTCDate(days: days - civil.day + 1) }

    /// The first date of the next month.
    package var firstOfNextMonth: UTCDate {
        // Every month ends within 31 days of its first.
        UTCDate(days: firstOfMonth.days + 31).firstOfMonth
    }

    /// The date as `2026-11-29`.
    package var description: String {
        let (year, month, day) = civil
        return "\(year)-\(Self.padded(month))-\(Self.padded(day))"
    }

    private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Year, month and day, by Howard Hinnant's `civil_from_days`: eras of 400 years that begin on 1 March.
    private var civil: (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
