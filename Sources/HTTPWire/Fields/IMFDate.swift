/// HTTP dates (RFC 9110 §5.6.7), as seconds since 1970.
package enum IMFDate {
    /// Returns the 29 bytes of the preferred format: `Sun, 06 Nov 1994 08:49:37 GMT`. Clamps to the years
    /// 0…9999.
    package static func bytes(_ seconds: Int64) -> [UInt8] {
        let seconds = min(max(seconds, -62_167_219_200), 253_402_300_799)
        let day = floorDivide(seconds, 86400)
        let time = seconds - day * 86400
        let date = CivilDate(daysSince1970: day)
        var out: [UInt8] = []
        out.reserveCapacity(29)
        out.append(contentsOf: dayNames[weekday(day)].utf8.prefix(3))
        out.append(contentsOf: ", ".utf8)
        append(date.day, 2, to: &out)
        out.append(.space)
        out.append(contentsOf: monthNames[date.month - 1].utf8)
        out.append(.space)
        append(date.year, 4, to: &out)
        for (part, separator) in [(time / 3600, " "), (time / 60 % 60, ":"), (time % 60, ":")] {
            out.append(contentsOf: separator.utf8)
            append(Int(part), 2, to: &out)
        }
        out.append(contentsOf: " GMT".utf8)
        return out
    }

    /// Returns the preferred format as text.
    package static func text(_ seconds: Int64) -> String {
        String(decoding: bytes(seconds), as: UTF8.self)
    }

    /// Parses the three formats that recipients must accept; `nil` for anything else, for a date that does
    /// not exist, and for a wrong weekday. `now` determines the century of a two-digit year.
    package static func parse(_ text: String, now: Int64) -> Int64? {
        var reader = DateReader(bytes: Array(text.utf8))
        guard let name = reader.word(), let weekday = weekdayIndex(name) else { return nil }
        let parsed: Int64? =
            if reader.scan(", ") {
                name.count == 3 ? reader.fixedDate() : reader.rfc850Date(now: now)
            } else {
                name.count == 3 ? reader.asctimeDate() : nil
            }
        guard let parsed, reader.isAtEnd else { return nil }
        // A leap second belongs to the day it ends, although it counts into the next.
        let day = floorDivide(reader.sawLeapSecond ? parsed - 1 : parsed, 86400)
        return IMFDate.weekday(day) == weekday ? parsed : nil
    }

    fileprivate static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let dayNames = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]

    /// 1970-01-01 was a Thursday.
    private static func weekday(_ day: Int64) -> Int {
        Int(((day + 4) % 7 + 7) % 7)
    }

    private static func weekdayIndex(_ name: String) -> Int? {
        dayNames.firstIndex { name == $0 || name == $0.prefix(3) }
    }

    fileprivate static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static func append(_ number: Int, _ digits: Int, to out: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            out.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}

/// A date of the proleptic Gregorian calendar, computed in eras of 400 years that begin in March, so that the
/// leap day is the last day of its year.
private struct CivilDate {
    var year: Int
    var month: Int
    var day: Int

    init?(year: Int, month: Int, day: Int) {
        (self.year, self.month, self.day) = (year, month, day)
        let normalized = CivilDate(daysSince1970: daysSince1970)
        guard normalized.year == year, normalized.month == month, normalized.day == day else { return nil }
    }

    init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = IMFDate.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let era = IMFDate.floorDivide(shiftedYear, 400)
        let yearOfEra = shiftedYear - era * 400
        let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// A left-to-right parser for the parts of a date.
private struct DateReader {
    let bytes: [UInt8]
    var position = 0
    private(set) var sawLeapSecond = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    /// `06 Nov 1994 08:49:37 GMT`
    mutating func fixedDate() -> Int64? {
        guard let day = number(2), scan(" "), let month = month(), scan(" "), let year = number(4),
            scan(" "), let time = time(), scan(" GMT")
        else { return nil }
        return seconds(CivilDate(year: year, month: month, day: day), time)
    }

    /// `06-Nov-94 08:49:37 GMT`
    mutating func rfc850Date(now: Int64) -> Int64? {
        guard let day = number(2), scan("-"), let month = month(), scan("-"), let shortYear = number(2),
            scan(" "), let time = time(), scan(" GMT")
        else { return nil }
        // RFC 9110 §5.6.7: a date more than 50 years ahead means the latest past year with these digits.
        let thisYear = CivilDate(daysSince1970: IMFDate.floorDivide(now, 86400)).year
        let year = thisYear - thisYear % 100 + shortYear
        let fiftyYears: Int64 = 18_262 * 86400
        let near = seconds(CivilDate(year: year, month: month, day: day), time)
        if let near, near <= now + fiftyYears { return near }
        return seconds(CivilDate(year: year - 100, month: month, day: day), time)
    }

    /// ` Nov  6 08:49:37 1994`
    mutating func asctimeDate() -> Int64? {
        guard scan(" "), let month = month(), scan(" "), let day = scan(" ") ? number(1) : number(2),
            scan(" "), let time = time(), scan(" "), let year = number(4)
        else { return nil }
        return seconds(CivilDate(year: year, month: month, day: day), time)
    }

    mutating func scan(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    /// Scans letters.
    mutating func word() -> String? {
        let start = position
        while position < bytes.count, bytes[position].lowercased &- 0x61 < 26 { position += 1 }
        return position > start ? String(decoding: bytes[start..<position], as: UTF8.self) : nil
    }

    private func seconds(_ date: CivilDate?, _ time: Int64) -> Int64? {
        date.map { $0.daysSince1970 * 86400 + time }
    }

    private mutating func month() -> Int? {
        word().flatMap { name in IMFDate.monthNames.firstIndex(of: name) }.map { $0 + 1 }
    }

    private mutating func time() -> Int64? {
        guard let hour = number(2), scan(":"), let minute = number(2), scan(":"), let second = number(2),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        sawLeapSecond = second == 60
        return Int64(hour * 3600 + minute * 60 + second)
    }

    /// Scans exactly `digits` digits.
    private mutating func number(_ digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + digits] {
            guard byte.isDigit else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        position += digits
        return value
    }
}
