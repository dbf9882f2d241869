/// A check of the escapes of one string for a precise diagnosis (RFC 8259 §7).
struct JSONEscapes {
    private let bytes: [UInt8]
    private let start: Int

    init(_ bytes: [UInt8], stringAt start: Int) {
        self.bytes = bytes
        self.start = start
    }

    /// The error of the first invalid escape; `nil` if all are valid.
    var firstError: JSONError? {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] >= 0x20 {
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            switch escape(at: index) {
            case .valid(let length): index += length
            case .invalid(let message): return JSONError(at: index, in: bytes, message: message)
            }
        }
        return nil
    }

    private enum Escape {
        case valid(length: Int)
        case invalid(String)
    }

    private func escape(at index: Int) -> Escape {
        guard index + 1 < bytes.count else { return .invalid("incomplete escape") }
        guard bytes[index + 1] == UInt8(ascii: "u") else {
            return "\"\\/bfnrt".utf8.contains(bytes[index + 1])
                ? .valid(length: 2)
                : .invalid("invalid escape; valid ones are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
        }
        guard let unit = unit(at: index) else {
            return .invalid("\\u must be followed by four hexadecimal digits")
        }
        switch unit {
        case 0: return .invalid("\\u0000 is not allowed")
        case 0xD800..<0xDC00:
            guard let low = self.unit(at: index + 6), (0xDC00..<0xE000).contains(low) else {
                return .invalid("unpaired surrogate")
            }
            return .valid(length: 12)
        case 0xDC00..<0xE000: return .invalid("unpaired surrogate")
        default: return .valid(length: 6)
        }
    }

    /// Returns the UTF-16 code unit of the `\uXXXX` at an index.
    private func unit(at index: Int) -> UInt16? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return nil }
        let digits = bytes[(index + 2)..<(index + 6)]
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
