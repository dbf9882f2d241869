/// Rate limits for frames that cost the server work and carry no payload for the client.
///
/// Each kind of frame has a token bucket, so occasional use never ends a connection. nghttp2 itself limits
/// hardly any of these.
struct FrameRules: Sendable {
    private var resets = TokenBucket(burst: 256, perSecond: 32)
    private var settings = TokenBucket(burst: 32, perSecond: 1)
    private var pings = TokenBucket(burst: 128, perSecond: 8)
    private var smallData = TokenBucket(burst: 512, perSecond: 64)
    private var windowUpdates = TokenBucket(burst: 2048, perSecond: 128)
    private var others = TokenBucket(burst: 256, perSecond: 16)

    private var streamIDs = StreamIDHistory()
    private var block: HeaderBlock?

    /// The largest header block in encoded bytes, and the number of frames it may span.
    private let blockSizeMax: Int
    private static let continuationsMax = 16
    /// DATA frames below this size that do not end their stream are rate-limited.
    private static let smallDataMax = 256

    private struct HeaderBlock {
        var size: Int
        var continuations = 0
    }

    init(headerLimit: Int) { blockSizeMax = 4 * headerLimit }

    /// Whether a header block has begun and is incomplete.
    var isInHeaderBlock: Bool { block != nil }

    /// Checks a frame. Returns the error code that must end the connection; `nil` if the frame is allowed.
    mutating func check(_ frame: FrameHeader, at now: UInt64) -> HTTP2ErrorCode? {
        typealias Kind = FrameHeader.Kind
        switch frame.type {
        case Kind.data:
            let isSmall = frame.length < Self.smallDataMax && !frame.hasFirstFlag
            return isSmall ? smallData.consume(at: now) : nil
        case Kind.headers: return checkHeaders(frame, now)
        case Kind.continuation: return checkContinuation(frame)
        case Kind.reset: return resets.consume(at: now)
        case Kind.settings: return settings.consume(at: now)
        case Kind.ping: return pings.consume(at: now)
        case Kind.windowUpdate: return windowUpdates.consume(at: now)
        // PRIORITY, GOAWAY, frames that only servers send, and unknown types.
        default: return others.consume(at: now)
        }
    }

    /// Counts a stream reset caused by the client; it costs as much as one that the client sends itself.
    mutating func countInducedReset(at now: UInt64) -> HTTP2ErrorCode? { resets.consume(at: now) }

    /// Counts content that was sent: the client may open its windows in return. `isWhole`: it was all that
    /// there was to send, so that its size is not due to the client's windows.
    mutating func countSent(_ size: Int, isWhole: Bool) {
        if size >= Self.smallDataMax || isWhole { windowUpdates.refund(4) }
    }

    private mutating func checkHeaders(_ frame: FrameHeader, _ now: UInt64) -> HTTP2ErrorCode? {
        if !frame.endsHeaders { block = HeaderBlock(size: frame.length) }
        if frame.length > blockSizeMax { return .enhanceYourCalm }
        switch streamIDs.record(frame.stream) {
        case .opened:
            // A client may send priorities with each request.
            others.refund(2)
            return nil
        case .known: return nil
        // RFC 9113 §5.1.1: a skipped lower stream identifier is closed. nghttp2 would ignore the frame.
        case .skipped: return .protocolError
        }
    }

    private mutating func checkContinuation(_ frame: FrameHeader) -> HTTP2ErrorCode? {
        // nghttp2 reports a CONTINUATION frame outside a header block.
        guard var block else { return nil }
        block.size += frame.length
        block.continuations += 1
        self.block = frame.endsHeaders ? nil : block
        let isTooMuch = block.size > blockSizeMax || block.continuations > Self.continuationsMax
        return isTooMuch ? .enhanceYourCalm : nil
    }
}
