/// A set of ASCII bytes as two words of bits, so that asking costs a shift and no memory.
struct ByteSet: Sendable {
    private let low: UInt64
    private let high: UInt64

    /// `low` has a bit for each of the bytes 0…63, `high` for 64…127. Written as numbers because only those
    /// become constants; `ByteSetTests` holds them against the texts of the RFCs.
    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 0x80 && (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 == 1
    }

    /// `tchar` (RFC 9110 §5.6.2).
    static let token = ByteSet(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)
    /// `pchar` and `/`, but not the `%` of an escape (RFC 3986 §3.3).
    static let path = ByteSet(low: 0x2fff_ffd2_0000_0000, high: 0x47ff_fffe_87ff_ffff)
    /// As `path`, and `?` (RFC 3986 §3.4).
    static let query = ByteSet(low: 0xafff_ffd2_0000_0000, high: 0x47ff_fffe_87ff_ffff)
    /// What a registered name is made of (RFC 3986 §3.2.2), but for the comma: in a Host field that is two
    /// hosts in one line, which nobody may send and which two parsers read differently.
    static let registeredName = ByteSet(low: 0x2bff_6fd2_0000_0000, high: 0x47ff_fffe_87ff_fffe)
    /// `HEXDIG`, in either case.
    static let hexDigit = ByteSet(low: 0x03ff_0000_0000_0000, high: 0x0000_007e_0000_007e)
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")

    /// Optional whitespace (RFC 9110 §5.6.3).
    @inline(__always)
    var isOptionalSpace: Bool { self == .space || self == .tab }

    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }

    /// Whether no field value may hold it: a control byte other than the tab (RFC 9110 §5.5).
    @inline(__always)
    var isControl: Bool { self < 0x20 ? self != .tab : self == 0x7f }

    /// An ASCII capital as its small letter, anything else as it is.
    @inline(__always)
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

// The one place of this module that reads through a pointer: the standard library has no other way yet to
// copy or compare many bytes of a span at once. The ranges are checked by `extracting`.
extension Span where Element == UInt8 {
    /// A copy of these bytes.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Whether these bytes are those, eight at a time.
    func equals(_ range: Range<Int>, _ others: [UInt8]) -> Bool {
        guard range.count == others.count else { return false }
        return unsafe extracting(range).bytes.withUnsafeBytes { bytes in
            unsafe others.withUnsafeBytes { others in
                var index = 0
                while index + 8 <= others.count {
                    let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    let other = unsafe others.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    guard word == other else { return false }
                    index += 8
                }
                while index < others.count, unsafe bytes[index] == others[index] { index += 1 }
                return index == others.count
            }
        }
    }

    /// These bytes as text. What is not UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Where the bytes of this set end in the range, or the end of the range.
    @inline(__always)
    func end(of set: ByteSet, in range: Range<Int>) -> Int {
        unsafe extracting(range).withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count, unsafe set.contains(bytes[index]) { index += 1 }
            return range.lowerBound + index
        }
    }

    /// Where the first byte stands that is a control byte, tabs included, or the end of the range.
    @inline(__always)
    func endOfText(in range: Range<Int>) -> Int {
        // Finds a byte below 0x20 or one that is 0x7f; the flags above the lowest may be wrong, which is not
        // asked for.
        end(in: range, of: { $0 < 0x20 || $0 == 0x7f }) { word in
            let others = word ^ 0x7f7f_7f7f_7f7f_7f7f
            let low = (word &- 0x2020_2020_2020_2020) & ~word
            return (low | (others &- 0x0101_0101_0101_0101) & ~others) & 0x8080_8080_8080_8080
        }
    }

    /// Where the byte first stands in the range.
    @inline(__always)
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        let index = end(in: range, of: { $0 == byte }) { word in
            let others = word ^ pattern
            return (others &- 0x0101_0101_0101_0101) & ~others & 0x8080_8080_8080_8080
        }
        return index < range.upperBound ? index : nil
    }

    /// Where a byte that is sought first stands, or the end of the range; eight bytes at a time where there
    /// are so many. `flags` returns a word whose lowest bit set is in the first such byte, or 0.
    @inline(__always)
    private func end(in range: Range<Int>, of isSought: (UInt8) -> Bool, flags: (UInt64) -> UInt64) -> Int {
        unsafe extracting(range).bytes.withUnsafeBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                let word = unsafe UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let found = flags(word)
                if found != 0 { return range.lowerBound + index + found.trailingZeroBitCount / 8 }
                index += 8
            }
            while index < bytes.count, unsafe !isSought(bytes[index]) { index += 1 }
            return range.lowerBound + index
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether these bytes are that text, compared without case. The text must be in small letters.
    @inline(__always)
    func equals(_ range: Range<Int>, _ lowercase: String) -> Bool {
        guard range.count == lowercase.utf8.count else { return false }
        var index = range.lowerBound
        for expected in lowercase.utf8 {
            guard self[index].lowercased == expected else { return false }
            index += 1
        }
        return true
    }

    /// The range without optional whitespace at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isOptionalSpace { start += 1 }
        while end > start, self[end - 1].isOptionalSpace { end -= 1 }
        return start..<end
    }
}

extension [UInt8] {
    /// Appends what stands in a span.
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends a number in decimal digits.
    package mutating func append(decimal number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
