/// Finds frame headers in received bytes, however the bytes are split.
///
/// nghttp2 parses the frames. This scanner reads only their headers, so that each can be checked before
/// nghttp2 sees it, including those that nghttp2 would silently ignore.
struct FrameScanner: Sendable {
    private var header: UInt64 = 0
    private var lastByte: UInt8 = 0
    private var headerCount = 0
    // The client's connection preface comes first (RFC 9113 §3.4).
    private var payloadLeft = FrameScanner.prefaceSize

    static let prefaceSize = 24

    /// Whether no frame is incomplete.
    var isBetweenFrames: Bool { headerCount == 0 && payloadLeft == 0 }

    /// Whether the client's connection preface is complete.
    private(set) var hasPreface = false

    /// Returns the next complete frame header. Advances `offset` past it and sets `start` to where it began,
    /// or to where the input begins if it began earlier.
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
