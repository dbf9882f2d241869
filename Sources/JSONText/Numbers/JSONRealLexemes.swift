/// The numbers with a fraction or an exponent in a valid JSON text, in order.
struct JSONRealLexemes {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the next number; `nil` at the end of the text.
    mutating func next() -> ArraySlice<UInt8>? {
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                let number = bytes[index...].prefix { Self.isNumberByte($0) }
                index = number.endIndex
                if number.contains(where: { ".eE".utf8.contains($0) }) { return number }
            default: index += 1
            }
        }
        return nil
    }

    private mutating func skipString() {
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index += 1
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    }
}
