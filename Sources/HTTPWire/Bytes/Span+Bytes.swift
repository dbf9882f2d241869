// The only code of this module that reads through a pointer: the standard library cannot yet copy or compare
// many bytes of a span at once. `extracting` checks the ranges.
extension Span where Element == UInt8 {
    /// Returns a copy of the bytes.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Returns whether the bytes equal `others`; compares eight at a time.
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

    /// Returns the bytes as text; invalid UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Returns the index of the first byte outside the set, or the end of the range.
    @inline(__always)
    func end(of set: ByteSet, in range: Range<Int>) -> Int {
        unsafe extracting(range).withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count, unsafe set.contains(bytes[index]) { index += 1 }
            return range.lowerBound + index
        }
    }

    /// Returns the index of the first control byte, including tabs, or the end of the range.
    @inline(__always)
    func endOfText(in range: Range<Int>) -> Int {
        // Finds a byte below 0x20 or equal to 0x7f. Only the lowest flag is reliable, which suffices.
        end(in: range, of: { $0 < 0x20 || $0 == 0x7f }) { word in
            let others = word ^ 0x7f7f_7f7f_7f7f_7f7f
            let low = (word &- 0x2020_2020_2020_2020) & ~word
            return (low | (others &- 0x0101_0101_0101_0101) & ~others) & 0x8080_8080_8080_8080
        }
    }

    /// Returns the index of the first occurrence of the byte.
    @inline(__always)
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        let index = end(in: range, of: { $0 == byte }) { word in
            let others = word ^ pattern
            return (others &- 0x0101_0101_0101_0101) & ~others & 0x8080_8080_8080_8080
        }
        return index < range.upperBound ? index : nil
    }

    /// Returns the index of the first matching byte, or the end of the range; tests eight bytes at a time.
    /// The lowest bit set in the result of `flags` lies in the first matching byte; 0 if there is none.
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
    /// Returns whether the bytes equal a lowercase text, compared case-insensitively.
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

    /// Returns the range without optional whitespace at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isOptionalSpace { start += 1 }
        while end > start, self[end - 1].isOptionalSpace { end -= 1 }
        return start..<end
    }
}

extension [UInt8] {
    /// Appends the bytes of a span.
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends a number in decimal.
    package mutating func append(decimal number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}

extension Span where Element == UInt8 {
    /// Returns whether a `%` with two hexadecimal digits begins at `index` (RFC 3986 §2.1).
    func isEscape(at index: Int, end: Int) -> Bool {
        self[index] == UInt8(ascii: "%") && index + 2 < end
            && ByteSet.hexDigit.contains(self[index + 1]) && ByteSet.hexDigit.contains(self[index + 2])
    }
}

extension Span where Element == UInt8 {
    /// Returns whether the bytes are a token (RFC 9110 §5.6.2).
    func isToken(_ range: Range<Int>) -> Bool {
        !range.isEmpty && end(of: .token, in: range) == range.upperBound
    }
}
