import Foundation

@testable import JSONText

/// JSON text: a round trip through the writer, and the same value as Foundation parses, which accepts more.
enum JSONProperty {
    private static let limits = JSONLimits(bytes: 4096, depth: 16)

    static func check(_ input: [UInt8]) throws(PropertyError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: input, limits: limits)
        } catch {
            try checkLocation(error, in: input)
            return try checkReason(error, for: input)
        }
        try require(!input.contains(0), "a NUL was accepted")
        try checkRoundTrip(value)
        try agreeWithFoundation(value, input)
        try checkPointers(value, at: .root, depth: 0)
    }

    private static func checkRoundTrip(_ value: JSONValue) throws(PropertyError) {
        let text = value.serialized()
        let again = try? JSONValue(parsing: text, limits: JSONLimits(bytes: 1 << 16, depth: 16))
        try require(again == rounded(value), "the written value differs")
        try require(again?.serialized() == text, "the second round trip differs")
    }

    /// Replaces reals that are written as an integer.
    static func rounded(_ value: JSONValue) -> JSONValue {
        switch value {
        case .real(let number): Int64(exactly: number).map { .integer($0) } ?? value
        case .array(let elements): .array(elements.map(rounded))
        case .object(let object):
            .object(JSONObject(object.members.map { JSONObject.Member($0.name, rounded($0.value)) }))
        case .null, .bool, .integer, .string: value
        }
    }

    /// A fault names a place of the text.
    static func checkLocation(_ error: JSONError, in input: [UInt8]) throws(PropertyError) {
        let lines = input.split(separator: 0x0a, omittingEmptySubsequences: false)
        try require((1...lines.count).contains(error.line), "there is no line \(error.line)")
        let length = lines[error.line - 1].count { $0 & 0xC0 != 0x80 }
        try require((1...(length + 2)).contains(error.column), "there is no column \(error.column)")
        let message = error.message.unicodeScalars.count
        try require((1...200).contains(message), "the message has \(message) characters")
    }

    /// Text that Foundation accepts is rejected only for a documented stricter rule. (Foundation accepts a
    /// trailing comma.)
    private static func checkReason(_ error: JSONError, for input: [UInt8]) throws(PropertyError) {
        // Foundation takes a NUL as a sign of UTF-16.
        guard !input.contains(0), foundation(input) != nil else { return }
        let stricter = [
            "duplicate member", "too large", "\\u0000", "nested", "byte order mark", "bytes; at most",
            "UTF-8", "surrogate", "a comma before",
        ]
        try require(stricter.contains { error.message.contains($0) }, "rejected: \(error.message)")
    }

    private static func foundation(_ input: [UInt8]) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
    }

    private static func agreeWithFoundation(_ value: JSONValue, _ input: [UInt8]) throws(PropertyError) {
        guard let other = foundation(input) else {
            throw PropertyError("Foundation rejects the text")
        }
        // Foundation loses this mark after an escape.
        guard input.ranges(of: [0xEF, 0xBB, 0xBF]).isEmpty else { return }
        try require(agree(value, other), "Foundation parses another value")
    }

    private static func agree(_ value: JSONValue, _ other: Any) -> Bool {
        switch value {
        case .null: return other is NSNull
        case .bool(let truth): return other as? Bool == truth
        case .integer(let number): return (other as? NSNumber)?.int64Value == number
        case .real(let number):
            // Foundation rounds the largest numbers to fewer digits.
            guard let other = (other as? NSNumber)?.doubleValue else { return false }
            return abs(other - number) <= abs(number) * 1e-14
        case .string(let text): return (other as? String)?.isIdentical(to: text) ?? false
        case .array(let elements):
            guard let others = other as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy { agree($0, $1) }
        case .object(let object):
            guard let others = other as? [String: Any] else { return false }
            // A dictionary treats two spellings of a character as the same name.
            guard others.count == object.members.count else { return others.count < object.members.count }
            return object.members.allSatisfy { member in
                others[member.name].map { agree(member.value, $0) } ?? false
            }
        }
    }

    /// The text of every pointer parses to the same pointer.
    private static func checkPointers(
        _ value: JSONValue, at pointer: JSONPointer, depth: Int
    ) throws(PropertyError) {
        let read = JSONPointer(parsing: pointer.description)
        try require(
            read?.tokens.elementsEqual(pointer.tokens, by: { $0.isIdentical(to: $1) }) ?? false,
            "the pointer \(pointer) parses to another")
        try require(depth <= limits.depth, "deeper than the limit")
        for (index, element) in (value.array ?? []).enumerated() {
            try checkPointers(element, at: pointer.appending(index), depth: depth + 1)
        }
        for member in value.object?.members ?? [] {
            try checkPointers(member.value, at: pointer.appending(member.name), depth: depth + 1)
        }
    }
}
