import Glibc

@testable import HTTPWire

/// Values of fields and queries: what is read keeps its bounds, and written anew is read as the same. The
/// first byte chooses what is read, the second and third are a number for it.
enum FieldProperty {
    static func check(_ input: [UInt8]) throws(Finding) {
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

    private static func checkRange(_ text: String, length: Int64) throws(Finding) {
        guard case .parts(let parts) = ByteRange.resolve(text, length: length) else { return }
        try promise((1...16).contains(parts.count), "\(parts.count) parts")
        for part in parts {
            try promise(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= length, "part \(part)")
        }
        let again = "bytes=" + parts.map { "\($0.lowerBound)-\($0.upperBound - 1)" }.joined(separator: ", ")
        try promise(ByteRange.resolve(again, length: length) == .parts(parts), "\(again) is another range")
        let total = parts.reduce(0) { $0 + Int64($1.count) }
        try promise(total <= length * 2, "\(total) bytes of \(length)")
    }

    private static func checkTags(_ text: String) throws(Finding) {
        if let tag = EntityTag.parse(text) {
            try promise(tag.text == text, "the tag is written otherwise")
            try promise(
                tag.isWeaklyEqual(to: tag) && tag.isStronglyEqual(to: tag) != tag.isWeak, "not itself")
        }
        guard case .tags(let tags)? = EntityTagList.parse([text]) else { return }
        let again = EntityTagList.parse(tags.map(\.text))
        try promise(again == .tags(tags), "the list is read otherwise when written anew")
    }

    private static func checkPreferences(_ text: String) throws(Finding) {
        let preferences = Preferences([text])
        try promise(preferences.wait.map { $0 >= 0 } ?? true, "a wait below zero")
        var message = preferences.respondsAsync ? ["respond-async"] : []
        if let wait = preferences.wait { message.append("wait=\(wait)") }
        try promise(Preferences(message) == preferences, "other preferences when written anew")
    }

    private static func checkMediaType(_ text: String) throws(Finding) {
        guard let type = MediaType(text) else { return }
        var again = "\(type.type)/\(type.subtype)"
        for parameter in type.parameters {
            let quoted = parameter.value.unicodeScalars.map {
                "\"\\".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)"
            }
            again += ";\(parameter.name)=\"\(quoted.joined())\""
        }
        try promise(MediaType(again) == type, "another type when written anew")
        try promise(!type.isJSON || type.type == "application", "taken for JSON")
    }

    private static func checkQuery(_ text: String) throws(Finding) {
        guard let query = QueryParameters(text) else { return }
        try promise(Set(query.names).count == query.names.count, "a name stands twice")
        let pairs = query.names.map { encode($0) + "=" + encode(query[$0] ?? "") }
        guard let again = QueryParameters(pairs.joined(separator: "&")) else {
            throw Finding("written anew it is no query")
        }
        try promise(again.names == query.names, "other names when written anew")
        try promise(query.names.allSatisfy { again[$0] == query[$0] }, "other values when written anew")
    }

    private static func checkPercent(_ text: String) throws(Finding) {
        try promise(PercentText.decode(encode(text)) == text, "escaped it means something else")
        guard let decoded = PercentText.decode(text) else { return }
        try promise(decoded.utf8.count <= text.utf8.count, "decoding made it longer")
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Against the C library, whose calendar is another's work.
    private static func checkDate(_ text: String, now: Int64) throws(Finding) {
        guard let seconds = IMFDate.parse(text, now: now) else { return }
        // The leap second behind the year 9999 is no time that can be written.
        guard seconds <= 253_402_300_799 else { return }
        let written = IMFDate.text(seconds)
        try promise(written.utf8.count == 29, "\(written) is not 29 bytes")
        try promise(IMFDate.parse(written, now: now) == seconds, "\(written) is another time")
        let (clock, day, year) = calendar(seconds)
        try promise(written.contains(" \(clock) GMT"), "\(written): the clock")
        try promise(written.dropFirst(5).hasPrefix(day), "\(written): the day")
        try promise(written.dropFirst(12).hasPrefix(year), "\(written): the year")
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

    private static func checkConditions(_ text: String, flags: UInt8) throws(Finding) {
        var fields = HTTPFields()
        let names = ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"]
        for (bit, name) in names.enumerated() where flags & (1 << UInt8(bit)) != 0 {
            fields.append(name, text)
        }
        let isRead = flags & 0x20 != 0
        let head = RequestHead(method: isRead ? "GET" : "POST", path: "/", authority: "a", fields: fields)
        let conditions = RequestConditions(head, now: 1_757_165_031)
        let ours = RequestConditions.Validators(entityTag: EntityTag("abc"), lastModified: 784_111_777)
        switch conditions.outcome(ours) {
        case .proceed: break
        case .notModified: try promise(isRead && !fields.isEmpty, "304 to what was no conditional read")
        case .failed: try promise(!fields.isEmpty, "412 without a condition")
        }
        let none = RequestConditions.Validators(entityTag: nil)
        try promise(fields.contains("If-Range") || conditions.allowsRange(none), "no range without reason")
        if fields.contains("If-Range"), conditions.allowsRange(ours) {
            try promise(text.trimmed == "\"abc\"", "another tag was taken for ours")
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(self[...].trimmingOptionalSpace()) }
}
