/// Which frames a connection may still send: counts what costs us work and brings the client nothing.
///
/// Each kind has a budget that refills with time, so that a client which does such a thing now and then
/// never meets its end. nghttp2 counts hardly anything of this.
struct FrameRules: Sendable {
    private var resets = TokenBucket(burst: 256, perSecond: 32)
    private var settings = TokenBucket(burst: 32, perSecond: 1)
    private var pings = TokenBucket(burst: 128, perSecond: 8)
    private var smallData = TokenBucket(burst: 512, perSecond: 64)
    private var windowUpdates = TokenBucket(burst: 2048, perSecond: 128)
    private var others = TokenBucket(burst: 256, perSecond: 16)

    private var numbers = StreamNumbers()
    private var block: HeaderBlock?

    /// Bytes of one header block as sent, and the frames it may come in.
    private let blockSizeMax: Int
    private static let continuationsMax = 16
    /// DATA that does not end a stream and brings less is counted.
    private static let smallDataMax = 256

    private struct HeaderBlock {
        var size: Int
        var continuations = 0
    }

    init(headerLimit: Int) { blockSizeMax = 4 * headerLimit }

    /// Whether a header block has begun that is not complete.
    var isInBlock: Bool { block != nil }

    /// Judges a frame; the code with which the connection ends because of it, if it does.
    mutating func judge(_ frame: FrameHeader, at now: UInt64) -> HTTP2ErrorCode? {
        typealias Kind = FrameHeader.Kind
        switch frame.type {
        case Kind.data:
            let isSmall = frame.length < Self.smallDataMax && !frame.hasFirstFlag
            return isSmall ? smallData.consume(at: now) : nil
        case Kind.headers: return judgeHeaders(frame, now)
        case Kind.continuation: return judgeContinuation(frame)
        case Kind.reset: return resets.consume(at: now)
        case Kind.settings: return settings.consume(at: now)
        case Kind.ping: return pings.consume(at: now)
        case Kind.windowUpdate: return windowUpdates.consume(at: now)
        // PRIORITY, which is only noted; GOAWAY; what is no business of a client; what nobody knows.
        default: return others.consume(at: now)
        }
    }

    /// Counts a reset that the client provoked, which costs as much as one of its own.
    mutating func countProvokedReset(at now: UInt64) -> HTTP2ErrorCode? { resets.consume(at: now) }

    /// Counts content that was sent, for which the client may well open its windows.
    mutating func countSent(_ size: Int, endsStream: Bool) {
        if size >= Self.smallDataMax || endsStream { windowUpdates.refund(4) }
    }

    private mutating func judgeHeaders(_ frame: FrameHeader, _ now: UInt64) -> HTTP2ErrorCode? {
        if !frame.endsHeaders { block = HeaderBlock(size: frame.length) }
        if frame.length > blockSizeMax { return .enhanceYourCalm }
        switch numbers.note(frame.stream) {
        case .opened:
            // Priorities may come with each request.
            others.refund(2)
            return nil
        case .known: return nil
        // RFC 9113 §5.1.1: a number below those in use was closed unused. nghttp2 would ignore the frame.
        case .skipped: return .protocolError
        }
    }

    private mutating func judgeContinuation(_ frame: FrameHeader) -> HTTP2ErrorCode? {
        // Out of place: nghttp2 says so.
        guard var block else { return nil }
        block.size += frame.length
        block.continuations += 1
        self.block = frame.endsHeaders ? nil : block
        let isTooMuch = block.size > blockSizeMax || block.continuations > Self.continuationsMax
        return isTooMuch ? .enhanceYourCalm : nil
    }
}

/// So many at once, and so many a second in the long run.
struct TokenBucket: Sendable {
    private let interval: UInt64
    private let depth: UInt64
    /// When all that was spent is earned again, in nanoseconds of the caller's clock.
    private var replenishedAt: UInt64 = 0

    init(burst: UInt64, perSecond: UInt64) {
        interval = 1_000_000_000 / perSecond
        depth = burst * interval
    }

    /// Spends one; whether there was one.
    mutating func spend(at now: UInt64) -> Bool {
        replenishedAt = max(replenishedAt, now) + interval
        return replenishedAt - now <= depth
    }

    /// Spends one; the code with which a connection ends that has none left.
    mutating func consume(at now: UInt64) -> HTTP2ErrorCode? { spend(at: now) ? nil : .enhanceYourCalm }

    /// Earns so many beside those that come with time.
    mutating func refund(_ count: UInt64) {
        replenishedAt -= min(replenishedAt, count * interval)
    }
}

/// Which numbers of streams the client has used (RFC 9113 §5.1.1).
struct StreamNumbers: Sendable {
    enum Verdict { case opened, known, skipped }

    private(set) var last: UInt32 = 0
    /// What was left out below `last`, ascending; of a client that leaves out much, the latest.
    private var gaps: [ClosedRange<UInt32>] = []
    private static let gapsMax = 64

    /// Takes note of a frame that opens a stream, or belongs to one. Even numbers are nghttp2's to refuse.
    mutating func note(_ stream: UInt32) -> Verdict {
        guard stream & 1 == 1 else { return .known }
        if stream <= last { return gaps.contains { $0.contains(stream) } ? .skipped : .known }
        if stream > last + 2 || last == 0 && stream > 1 {
            if gaps.count == Self.gapsMax { gaps.removeFirst() }
            gaps.append(last + 1...stream - 1)
        }
        last = stream
        return .opened
    }
}
