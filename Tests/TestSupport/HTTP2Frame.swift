/// An HTTP/2 frame, serialised and parsed independently of the tested code.
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
