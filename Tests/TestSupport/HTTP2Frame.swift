/// A frame of HTTP/2 as it stands on the wire, written and read by hand: shares nothing with what is tested.
package struct HTTP2Frame: Equatable, Sendable {
    package var type: UInt8
    package var flags: UInt8
    package var stream: UInt32
    package var payload: [UInt8]

    package init(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
        self.type = type
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    package static let preface = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    package var bytes: [UInt8] {
        let length = UInt32(payload.count)
        return [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags]
            + Self.big(stream) + payload
    }

    /// All complete frames in the bytes.
    package static func parse(_ bytes: [UInt8]) -> [HTTP2Frame] {
        var frames: [HTTP2Frame] = []
        var rest = bytes[...]
        while let (frame, count) = first(in: rest) {
            frames.append(frame)
            rest = rest.dropFirst(count)
        }
        return frames
    }

    /// The first frame, if it is complete, and its size.
    package static func first(in bytes: ArraySlice<UInt8>) -> (HTTP2Frame, Int)? {
        guard bytes.count >= 9 else { return nil }
        let head = Array(bytes.prefix(9))
        let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        guard bytes.count >= 9 + length else { return nil }
        let stream = number(head[5..<9]) & 0x7fff_ffff
        let payload = Array(bytes.dropFirst(9).prefix(length))
        return (HTTP2Frame(head[3], flags: head[4], stream: stream, payload), 9 + length)
    }

    package static func number(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    package static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}

extension HTTP2Frame {
    package static func data(_ stream: UInt32, _ payload: [UInt8], ends: Bool = false) -> HTTP2Frame {
        HTTP2Frame(0, flags: ends ? 1 : 0, stream: stream, payload)
    }

    /// A whole header block in one frame.
    package static func headers(_ stream: UInt32, _ block: [UInt8], ends: Bool = true) -> HTTP2Frame {
        HTTP2Frame(1, flags: ends ? 5 : 4, stream: stream, block)
    }

    package static func priority(_ stream: UInt32, on other: UInt32) -> HTTP2Frame {
        HTTP2Frame(2, stream: stream, big(other) + [15])
    }

    package static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> HTTP2Frame {
        HTTP2Frame(3, stream: stream, big(code))
    }

    package static func settings(_ entries: [(UInt16, UInt32)] = []) -> HTTP2Frame {
        HTTP2Frame(4, entries.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + big($0.1) })
    }

    package static let settingsAck = HTTP2Frame(4, flags: 1)

    package static func ping(_ fill: UInt8 = 7, ack: Bool = false) -> HTTP2Frame {
        HTTP2Frame(6, flags: ack ? 1 : 0, [UInt8](repeating: fill, count: 8))
    }

    package static func goAway(_ code: UInt32 = 0) -> HTTP2Frame { HTTP2Frame(7, big(0) + big(code)) }

    package static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> HTTP2Frame {
        HTTP2Frame(8, stream: stream, big(increment))
    }

    package static func continuation(_ stream: UInt32, _ block: [UInt8], ends: Bool = true) -> HTTP2Frame {
        HTTP2Frame(9, flags: ends ? 4 : 0, stream: stream, block)
    }

    /// The code of a GOAWAY or RST_STREAM.
    package var code: UInt32? {
        switch type {
        case 3: Self.number(payload.prefix(4))
        case 7: Self.number(payload.dropFirst(4).prefix(4))
        default: nil
        }
    }

    /// Whether it ends its stream.
    package var ends: Bool { type < 2 && flags & 1 == 1 }
}

/// Header compression, as far as a test needs it.
package enum HPACK {
    package typealias Fields = [(name: String, value: String)]

    /// Each field as a literal that is not indexed (RFC 7541 §6.2.2), without Huffman coding.
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

    /// A request, with further fields behind.
    package static func request(
        _ method: String = "GET", _ path: String = "/", authority: String? = "h", scheme: String = "http",
        _ others: Fields = []
    ) -> [UInt8] {
        let host: Fields = authority.map { [(":authority", $0)] } ?? []
        return literal([(":method", method), (":scheme", scheme), (":path", path)] + host + others)
    }

    /// The status with which an answer's block begins.
    package static func status(_ block: [UInt8]) -> Int? {
        let indexed: [UInt8: Int] = [
            0x88: 200, 0x89: 204, 0x8a: 206, 0x8b: 304, 0x8c: 400, 0x8d: 404, 0x8e: 500,
        ]
        // Room for a table of no size may be declared first (RFC 7541 §6.3).
        let block = Array(block.drop { $0 & 0xe0 == 0x20 })
        guard let first = block.first else { return nil }
        if let status = indexed[first] { return status }
        guard first & 0x0f == 8, block.count > 2 else { return nil }
        let length = Int(block[1] & 0x7f)
        let value = block.dropFirst(2).prefix(length)
        return block[1] & 0x80 == 0 ? Int(String(decoding: value, as: UTF8.self)) : digits(value)
    }

    /// Digits in Huffman coding (RFC 7541, appendix B): five bits for 0 to 2, six for the others.
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
