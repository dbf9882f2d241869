/// The first line of a chunk (RFC 9112 §7.1): `chunk-size [ chunk-ext ]`.
enum ChunkLine {
    /// Parses the size and checks the extensions, which are ignored (§7.1.1). The line is without its CRLF
    /// and contains no control bytes but tabs.
    static func size(_ input: Span<UInt8>, _ range: Range<Int>) throws(MessageError) -> Int64 {
        var index = range.lowerBound
        var size: Int64 = 0
        while index < range.upperBound, let digit = input[index].hexValue {
            // RFC 9112 §7.1: a large size must not overflow.
            guard size < 1 << 56 else { throw .malformed("the chunk size is out of range") }
            size = size << 4 | Int64(digit)
            index += 1
        }
        guard index > range.lowerBound else {
            throw .malformed("a chunk must begin with its size in hexadecimal")
        }
        var extensions = ChunkExtensions(position: index, end: range.upperBound)
        try extensions.check(input)
        return size
    }

    /// Returns the number of bytes after the chunk size.
    static func extensionLength(_ input: Span<UInt8>, _ range: Range<Int>) -> Int {
        range.upperBound - input.end(of: .hexDigit, in: range)
    }
}

/// `*( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`
private struct ChunkExtensions {
    var position: Int
    let end: Int

    mutating func check(_ input: Span<UInt8>) throws(MessageError) {
        while position < end {
            skipSpace(input)
            guard scan(UInt8(ascii: ";"), input) else { throw ChunkExtensions.malformed }
            skipSpace(input)
            guard scanToken(input) else { throw ChunkExtensions.malformed }
            let nameEnd = position
            skipSpace(input)
            guard scan(UInt8(ascii: "="), input) else {
                // The whitespace belongs to the next extension, or is an error.
                position = nameEnd
                continue
            }
            skipSpace(input)
            guard scanToken(input) || scanQuoted(input) else { throw ChunkExtensions.malformed }
        }
    }

    private static let malformed = MessageError.malformed("the first line of a chunk is malformed")

    private mutating func skipSpace(_ input: Span<UInt8>) {
        while position < end, input[position].isOptionalSpace { position += 1 }
    }

    private mutating func scan(_ byte: UInt8, _ input: Span<UInt8>) -> Bool {
        guard position < end, input[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func scanToken(_ input: Span<UInt8>) -> Bool {
        let start = position
        position = input.end(of: .token, in: position..<end)
        return position > start
    }

    /// RFC 9110 §5.6.4. The bytes inside were checked with the line.
    private mutating func scanQuoted(_ input: Span<UInt8>) -> Bool {
        guard scan(UInt8(ascii: "\""), input) else { return false }
        while position < end {
            let byte = input[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\") { position += 1 }
        }
        return false
    }
}
