import VideoJobs

/// A date with or without a time, as in RFC 3339: `2026-01-31`, `2026-01-31T18:00:00.5+01:00`.
struct DateTimeText {
    private var rest: Substring.UTF8View
    /// Since 1970; `nil` if the date or the time does not exist.
    private(set) var seconds: Int64?

    /// `nil` unless the text has the form of a date.
    init?(_ text: String) {
        rest = text[...].utf8
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2),
            let start = UTCDate(year: year, month: month, day: day)?.start
        else { return nil }
        guard !rest.isEmpty else {
            seconds = start.seconds
            return
        }
        guard skip("T") || skip("t") || skip(" "), let time = time(), let offset = offset(), rest.isEmpty
        else { return nil }
        seconds = start.seconds + time - offset
    }

    /// Reads `18:00`, `18:00:00` or `18:00:00.5` as seconds of the day.
    private mutating func time() -> Int64? {
        guard let hour = number(2), hour < 24, skip(":"), let minute = number(2), minute < 60 else {
            return nil
        }
        var second: Int64 = 0
        if skip(":") {
            guard let given = number(2), given < 60 else { return nil }
            second = given
            if skip(".") {
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                guard !digits.isEmpty else { return nil }
                rest = rest.dropFirst(digits.count)
            }
        }
        return hour * 3600 + minute * 60 + second
    }

    /// Reads `Z`, `+01:00`, `+0100` or nothing as seconds east of UTC.
    private mutating func offset() -> Int64? {
        if rest.isEmpty || skip("Z") || skip("z") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard skip("+") || skip("-"), let hour = number(2), hour < 24 else { return nil }
        _ = skip(":")
        guard let minute = number(2), minute < 60 else { return nil }
        return (hour * 3600 + minute * 60) * (isWest ? -1 : 1)
    }

    private mutating func number(_ count: Int) -> Int64? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
