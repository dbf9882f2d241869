/// The part of HPACK that tests need.
package enum HPACK {
    package typealias Fields = [(name: String, value: String)]

    /// Returns each field as a literal without indexing (RFC 7541 §6.2.2) and without Huffman coding.
    package static func literal(_ fields: Fields) -> [UInt8] {
        fields.flatMap { [0] + text($0.name) + text($0.value) }
    }

    package static func text(_ text: String) -> [UInt8] { integer(text.utf8.count, prefix: 7) + text.utf8 }

    /// RFC 7541 §5.1, the bits before the prefix zero.
    package static func integer(_ number: Int, prefix: Int) -> [UInt8] {
        let most = 1 << prefix - 1
        if number < most { return [UInt8(number)] }
        var rest = number - most
        var bytes = [UInt8(most)]
        while rest >= 128 {
            bytes.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// Returns the block of a request, followed by further fields.
    package static func request(
        _ method: String = "GET", _ path: String = "/", authority: String? = "h", scheme: String = "http",
        _ others: Fields = []
    ) -> [UInt8] {
        let host: Fields = authority.map { [(":authority", $0)] } ?? []
        return literal([(":method", method), (":scheme", scheme), (":path", path)] + host + others)
    }

    /// Returns the status at the start of a response block.
    package static func status(_ block: [UInt8]) -> Int? {
        let indexed: [UInt8: Int] = [
            0x88: 200, 0x89: 204, 0x8a: 206, 0x8b: 304, 0x8c: 400, 0x8d: 404, 0x8e: 500,
        ]
        // A table size update may come first (RFC 7541 §6.3).
        let block = Array(block.drop { $0 & 0xe0 == 0x20 })
        guard let first = block.first else { return nil }
        if let status = indexed[first] { return status }
        guard first & 0x0f == 8, block.count > 2 else { return nil }
        let length = Int(block[1] & 0x7f)
        let value = block.dropFirst(2).prefix(length)
        return block[1] & 0x80 == 0 ? Int(String(decoding: value, as: UTF8.self)) : digits(value)
    }

    /// Decodes digits in Huffman coding (RFC 7541, appendix B): five bits for 0 to 2, six for the others.
    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }[...]
        var number = 0
        while bits.count >= 5 {
            let five = bits.prefix(5).reduce(0) { $0 << 1 | Int($1) }
            if five <= 2 {
                number = number * 10 + five
                bits = bits.dropFirst(5)
                continue
            }
            guard bits.count >= 6 else { break }
            let six = five << 1 | Int(bits[bits.startIndex + 5])
            guard (25...31).contains(six) else { break }
            number = number * 10 + six - 22
            bits = bits.dropFirst(6)
        }
        return number
    }
}
