/// The nine octets before each frame (RFC 9113 §4.1).
struct FrameHeader: Equatable, Sendable {
    var length: Int
    var type: UInt8
    var flags: UInt8
    var stream: UInt32

    static let size = 9

    /// The types of RFC 9113 §6 that are told apart here.
    enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let ping: UInt8 = 6
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
    }

    /// END_STREAM of DATA and HEADERS, ACK of SETTINGS and PING.
    var hasFirstFlag: Bool { flags & 0x1 != 0 }
    var endsHeaders: Bool { flags & 0x4 != 0 }
}

/// Finds the frames in the bytes of a connection, wherever those are cut.
///
/// nghttp2 reads the frames; this looks at their headers alone, so that each of them can be judged before
/// nghttp2 sees it, also those that it would silently ignore.
struct FrameScanner: Sendable {
    private var header: UInt64 = 0
    private var lastByte: UInt8 = 0
    private var headerCount = 0
    // The client's preface comes first (RFC 9113 §3.4).
    private var payloadLeft = FrameScanner.prefaceSize

    static let prefaceSize = 24

    /// Whether no frame has begun that is not complete.
    var isBetweenFrames: Bool { headerCount == 0 && payloadLeft == 0 }

    /// Whether the client's preface is complete.
    private(set) var hasPreface = false

    /// The next frame whose header is complete; `offset` is then behind that header, and `start` where it
    /// began, or where the input does.
    mutating func next(in input: Span<UInt8>, from offset: inout Int, start: inout Int) -> FrameHeader? {
        let skipped = min(payloadLeft, input.count - offset)
        payloadLeft -= skipped
        offset += skipped
        guard payloadLeft == 0 else { return nil }
        hasPreface = true
        start = offset
        while headerCount < FrameHeader.size {
            guard offset < input.count else { return nil }
            if headerCount == 8 {
                lastByte = input[offset]
            } else {
                header = header << 8 | UInt64(input[offset])
            }
            headerCount += 1
            offset += 1
        }
        headerCount = 0
        let frame = FrameHeader(
            length: Int(header >> 40), type: UInt8(truncatingIfNeeded: header >> 32),
            flags: UInt8(truncatingIfNeeded: header >> 24),
            stream: UInt32(truncatingIfNeeded: header << 8 | UInt64(lastByte)) & 0x7fff_ffff)
        header = 0
        payloadLeft = frame.length
        return frame
    }
}
