/// The removal of a member from the text of a JSON object: all other bytes stay as they are.
package struct JSONMemberRemoval {
    private let text: [UInt8]
    private var index: Int

    /// Returns the text without the member. White space around it may go with it.
    ///
    /// - Parameter text: a valid JSON object, without duplicate names.
    package static func removing(_ name: String, from text: [UInt8]) -> [UInt8] {
        var removal = JSONMemberRemoval(text)
        guard let range = removal.range(of: name) else { return text }
        return Array(text[..<range.lowerBound] + text[range.upperBound...])
    }

    private init(_ text: [UInt8]) {
        self.text = text
        index = (text.firstIndex(of: UInt8(ascii: "{")) ?? text.count) + 1
    }

    /// Returns the range of a member with one of the commas around it.
    private mutating func range(of name: String) -> Range<Int>? {
        var comma: Int?
        while true {
            skip { Self.blanks.contains($0) }
            let start = index
            guard byte == UInt8(ascii: "\"") else { return nil }
            skipString()
            let isWanted = Self.value(of: text[start..<index])?.isIdentical(to: name) == true
            skip { $0 != UInt8(ascii: ":") }
            index += 1
            skipValue()
            let isLast = byte != UInt8(ascii: ",")
            if isWanted { return (comma ?? start)..<(comma == nil && !isLast ? index + 1 : index) }
            if isLast { return nil }
            comma = index
            index += 1
        }
    }

    private static let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]

    /// The byte at the index; `nil` at the end.
    private var byte: UInt8? { index < text.count ? text[index] : nil }

    private mutating func skip(while isSkipped: (UInt8) -> Bool) {
        while let byte, isSkipped(byte) { index += 1 }
    }

    /// Moves from an opening quote behind the closing one.
    private mutating func skipString() {
        index += 1
        while let byte, byte != UInt8(ascii: "\"") { index += byte == UInt8(ascii: "\\") ? 2 : 1 }
        index += 1
    }

    /// Moves to the comma or brace that ends a member's value.
    private mutating func skipValue() {
        var depth = 0
        while let byte {
            switch byte {
            case UInt8(ascii: "\""):
                skipString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: ","): if depth == 0 { return }
            case _: break
            }
            index += 1
        }
    }

    /// Returns the value of a quoted string, which may have escapes.
    private static func value(of quoted: ArraySlice<UInt8>) -> String? {
        let list = [UInt8(ascii: "[")] + quoted + [UInt8(ascii: "]")]
        return (try? JSONValue(parsing: list))?.array?.first?.string
    }
}
