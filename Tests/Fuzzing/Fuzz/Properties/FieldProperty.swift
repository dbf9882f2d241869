import Glibc

@testable import HTTPWire

/// Field and query values: parsed values are within their bounds and survive a round trip. The first byte
/// of the input selects the parser, the second and third are a number for it.
enum FieldProperty {
    static func check(_ input: [UInt8]) throws(PropertyError) {
        guard input.count >= 3 else { return }
        let number = Int64(input[1]) << 8 | Int64(input[2])
        let text = String(decoding: input.dropFirst(3), as: UTF8.self)
        switch input[0] % 8 {
        case 0: try checkRange(text, length: number)
        case 1: try checkTags(text)
        case 2: try checkPreferences(text)
        case 3: try checkMediaType(text)
        case 4: try checkQuery(text)
        case 5: try checkDate(text, now: number * 1_000_000)
        case 6: try checkConditions(text, flags: input[2])
        default: try checkPercent(text)
        }
    }

    private static func checkRange(_ text: String, length: Int64) throws(PropertyError) {
        guard case .parts(let parts) = ByteRange.resolve(text, length: length) else { return }
        try require((1...16).contains(parts.count), "\(parts.count) parts")
        for part in parts {
            try require(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= length, "part \(part)")
        }
        let again = "bytes=" + parts.map { "\($0.lowerBound)-\($0.upperBound - 1)" }.joined(separator: ", ")
        try require(ByteRange.resolve(again, length: length) == .parts(parts), "\(again) is another range")
        let total = parts.reduce(0) { $0 + Int64($1.count) }
        try require(total <= length * 2, "\(total) bytes of \(length)")
    }

    private static func checkTags(_ text: String) throws(PropertyError) {
        if let tag = EntityTag.parse(text) {
            try require(tag.text == text, "the text of the tag differs")
            try require(
                tag.isWeaklyEqual(to: tag) && tag.isStronglyEqual(to: tag) != tag.isWeak,
                "not equal to itself")
        }
        guard case .tags(let tags)? = EntityTagList.parse([text]) else { return }
        let again = EntityTagList.parse(tags.map(\.text))
        try require(again == .tags(tags), "the written list differs")
    }

    private static func checkPreferences(_ text: String) throws(PropertyError) {
        let preferences = Preferences([text])
        try require(preferences.wait.map { $0 >= 0 } ?? true, "a wait below zero")
        var written = preferences.respondsAsync ? ["respond-async"] : []
        if let wait = preferences.wait { written.append("wait=\(wait)") }
        try require(Preferences(written) == preferences, "the written preferences differ")
    }

    private static func checkMediaType(_ text: String) throws(PropertyError) {
        guard let type = MediaType(text) else { return }
        var again = "\(type.type)/\(type.subtype)"
        for parameter in type.parameters {
            let quoted = parameter.value.unicodeScalars.map {
                "\"\\".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)"
            }
            again += ";\(parameter.name)=\"\(quoted.joined())\""
        }
        try require(MediaType(again) == type, "the written type differs")
        try require(!type.isJSON || type.type == "application", "taken for JSON")
    }

    private static func checkQuery(_ text: String) throws(PropertyError) {
        guard let query = QueryParameters(text) else { return }
        try require(Set(query.names).count == query.names.count, "a name occurs twice")
        let pairs = query.names.map { encode($0) + "=" + encode(query[$0] ?? "") }
        guard let again = QueryParameters(pairs.joined(separator: "&")) else {
            throw PropertyError("the written query is rejected")
        }
        try require(again.names == query.names, "the written names differ")
        try require(query.names.allSatisfy { again[$0] == query[$0] }, "the written values differ")
    }

    private static func checkPercent(_ text: String) throws(PropertyError) {
        try require(PercentText.decode(encode(text)) == text, "decoding does not reverse encoding")
        guard let decoded = PercentText.decode(text) else { return }
        try require(decoded.utf8.count <= text.utf8.count, "decoding made it longer")
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Compares with the calendar of the C library.
    private static func checkDate(_ text: String, now: Int64) throws(PropertyError) {
        guard let seconds = IMFDate.parse(text, now: now) else { return }
        // The leap second after the year 9999 cannot be written.
        guard seconds <= 253_402_300_799 else { return }
        let written = IMFDate.text(seconds)
        try require(written.utf8.count == 29, "\(written) is not 29 bytes")
        try require(IMFDate.parse(written, now: now) == seconds, "\(written) is another time")
        let (clock, day, year) = calendar(seconds)
        try require(written.contains(" \(clock) GMT"), "\(written): the clock")
        try require(written.dropFirst(5).hasPrefix(day), "\(written): the day")
        try require(written.dropFirst(12).hasPrefix(year), "\(written): the year")
    }

    private static func calendar(_ seconds: Int64) -> (clock: String, day: String, year: String) {
        var time = time_t(seconds)
        var parts = unsafe tm()
        unsafe gmtime_r(&time, &parts)
        let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { digits(Int($0), 2) }
        let year = unsafe digits(Int(parts.tm_year) + 1900, 4)
        return (clock.joined(separator: ":"), digits(unsafe Int(parts.tm_mday), 2), year)
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    private static func checkConditions(_ text: String, flags: UInt8) throws(PropertyError) {
        var fields = HTTPFields()
        let names = ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"]
        for (bit, name) in names.enumerated() where flags & (1 << UInt8(bit)) != 0 {
            fields.append(name, text)
        }
        let isRead = flags & 0x20 != 0
        let head = RequestHead(method: isRead ? "GET" : "POST", path: "/", authority: "a", fields: fields)
        let conditions = RequestConditions(head, now: 1_757_165_031)
        let current = RequestConditions.Validators(entityTag: EntityTag("abc"), lastModified: 784_111_777)
        switch conditions.outcome(current) {
        case .proceed: break
        case .notModified: try require(isRead && !fields.isEmpty, "304 to an unconditional request")
        case .failed: try require(!fields.isEmpty, "412 without a condition")
        }
        let none = RequestConditions.Validators(entityTag: nil)
        try require(fields.contains("If-Range") || conditions.allowsRange(none), "no range without reason")
        if fields.contains("If-Range"), conditions.allowsRange(current) {
            try require(text.trimmed == "\"abc\"", "a different tag matched")
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(self[...].trimmingOptionalSpace()) }
}
