/// The escapes of one string, checked to say precisely what is wrong (RFC 8259 §7).
struct JSONEscapes {
    private let bytes: [UInt8]
    private let start: Int

    init(_ bytes: [UInt8], stringAt start: Int) {
        self.bytes = bytes
        self.start = start
    }

    var firstFault: JSONError? {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] >= 0x20 {
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            switch escape(at: index) {
            case .good(let length): index += length
            case .bad(let message): return JSONError(at: index, in: bytes, message: message)
            }
        }
        return nil
    }

    private enum Escape {
        case good(length: Int)
        case bad(String)
    }

    private func escape(at index: Int) -> Escape {
        guard index + 1 < bytes.count else { return .bad("this escape is cut off") }
        guard bytes[index + 1] == UInt8(ascii: "u") else {
            return "\"\\/bfnrt".utf8.contains(bytes[index + 1])
                ? .good(length: 2)
                : .bad("this escape is not one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
        }
        guard let unit = unit(at: index) else {
            return .bad("\\u must be followed by four hexadecimal digits")
        }
        switch unit {
        case 0: return .bad("\\u0000 is not allowed")
        case 0xD800..<0xDC00:
            guard let low = self.unit(at: index + 6), (0xDC00..<0xE000).contains(low) else {
                return .bad("this is half of a surrogate pair; the other half is missing")
            }
            return .good(length: 12)
        case 0xDC00..<0xE000: return .bad("this is half of a surrogate pair; the other half is missing")
        default: return .good(length: 6)
        }
    }

    /// The UTF-16 code unit of a `\uXXXX` at a place.
    private func unit(at index: Int) -> UInt16? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return nil }
        let digits = bytes[(index + 2)..<(index + 6)]
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

/// The grammar of numbers (RFC 8259 §6), checked to say precisely what is wrong.
enum JSONNumber {
    static func looksLikeOne(_ word: ArraySlice<UInt8>) -> Bool {
        guard let first = word.first else { return false }
        let second = word.dropFirst().first
        return isDigit(first)
            || "+-.".utf8.contains(first) && (second == nil || isDigit(second) || second == UInt8(ascii: "."))
    }

    /// What is wrong with a word that was meant as a number; `nil` if it is one.
    static func fault(_ word: ArraySlice<UInt8>) -> String? {
        var rest = word
        if rest.first == UInt8(ascii: "+") { return "no + before it" }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let whole = rest.prefix { isDigit($0) }
        if whole.isEmpty { return "a digit must come first" }
        if whole.count > 1, whole.first == UInt8(ascii: "0") { return "no zero before other digits" }
        rest = rest.dropFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { isDigit($0) }
            if fraction.isEmpty { return "a digit must follow the point" }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard let letter = rest.first else { return nil }
        guard letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") else { return "only decimal digits" }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy { isDigit($0) } ? nil : "digits must follow the e"
    }

    private static func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
