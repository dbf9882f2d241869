import Foundation

@testable import JSONText

/// JSON text: the same when written anew, never more than Foundation takes, and read alike by both.
enum JSONProperty {
    private static let limits = JSONLimits(bytes: 4096, depth: 16)

    static func check(_ input: [UInt8]) throws(Finding) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: input, limits: limits)
        } catch {
            try checkPlace(error, in: input)
            return try checkReason(error, for: input)
        }
        try promise(!input.contains(0), "a NUL was accepted")
        try holdWhenWrittenAnew(value)
        try agreeWithFoundation(value, input)
        try checkPointers(value, at: .root, depth: 0)
    }

    private static func holdWhenWrittenAnew(_ value: JSONValue) throws(Finding) {
        let text = value.serialized()
        let again = try? JSONValue(parsing: text, limits: JSONLimits(bytes: 1 << 16, depth: 16))
        try promise(again == rounded(value), "written anew it is another")
        try promise(again?.serialized() == text, "written twice it is another")
    }

    /// A real that is nearest to an integer, and none itself, is written as that integer.
    private static func rounded(_ value: JSONValue) -> JSONValue {
        switch value {
        case .real(let number): Int64(exactly: number).map { .integer($0) } ?? value
        case .array(let elements): .array(elements.map(rounded))
        case .object(let object):
            .object(JSONObject(object.members.map { JSONObject.Member($0.name, rounded($0.value)) }))
        case .null, .bool, .integer, .string: value
        }
    }

    /// A fault names a place of the text.
    static func checkPlace(_ fault: JSONError, in input: [UInt8]) throws(Finding) {
        let lines = input.split(separator: 0x0a, omittingEmptySubsequences: false)
        try promise((1...lines.count).contains(fault.line), "there is no line \(fault.line)")
        let length = lines[fault.line - 1].count { $0 & 0xC0 != 0x80 }
        try promise((1...(length + 2)).contains(fault.column), "there is no column \(fault.column)")
        let message = fault.message.unicodeScalars.count
        try promise((1...200).contains(message), "the message has \(message) characters")
    }

    /// What Foundation takes, we refuse only for what we are stricter in. (It takes a comma too many.)
    private static func checkReason(_ fault: JSONError, for input: [UInt8]) throws(Finding) {
        // It takes a NUL for a sign of UTF-16.
        guard !input.contains(0), foundation(input) != nil else { return }
        let stricter = [
            "duplicate member", "too large", "\\u0000", "nested", "byte order mark", "bytes; at most",
            "UTF-8", "surrogate", "a comma before",
        ]
        try promise(stricter.contains { fault.message.contains($0) }, "refused: \(fault.message)")
    }

    private static func foundation(_ input: [UInt8]) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
    }

    private static func agreeWithFoundation(_ value: JSONValue, _ input: [UInt8]) throws(Finding) {
        guard let other = foundation(input) else {
            throw Finding("Foundation refuses what we take")
        }
        // It loses this mark behind an escape.
        guard input.ranges(of: [0xEF, 0xBB, 0xBF]).isEmpty else { return }
        try promise(agree(value, other), "Foundation reads something else")
    }

    private static func agree(_ value: JSONValue, _ other: Any) -> Bool {
        switch value {
        case .null: return other is NSNull
        case .bool(let truth): return other as? Bool == truth
        case .integer(let number): return (other as? NSNumber)?.int64Value == number
        case .real(let number):
            // Foundation goes by decimals with fewer digits for the largest.
            guard let other = (other as? NSNumber)?.doubleValue else { return false }
            return abs(other - number) <= abs(number) * 1e-14
        case .string(let text): return (other as? String)?.isIdentical(to: text) ?? false
        case .array(let elements):
            guard let others = other as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy { agree($0, $1) }
        case .object(let object):
            guard let others = other as? [String: Any] else { return false }
            // A dictionary takes two spellings of one character for the same name.
            guard others.count == object.members.count else { return others.count < object.members.count }
            return object.members.allSatisfy { member in
                others[member.name].map { agree(member.value, $0) } ?? false
            }
        }
    }

    /// The text of a pointer means the place that it was made from.
    private static func checkPointers(
        _ value: JSONValue, at place: JSONPointer, depth: Int
    ) throws(Finding) {
        let read = JSONPointer(parsing: place.description)
        try promise(
            read?.tokens.elementsEqual(place.tokens, by: { $0.isIdentical(to: $1) }) ?? false,
            "the pointer \(place) is read as another")
        try promise(depth <= limits.depth, "deeper than the limit")
        for (index, element) in (value.array ?? []).enumerated() {
            try checkPointers(element, at: place.appending(index), depth: depth + 1)
        }
        for member in value.object?.members ?? [] {
            try checkPointers(member.value, at: place.appending(member.name), depth: depth + 1)
        }
    }
}
