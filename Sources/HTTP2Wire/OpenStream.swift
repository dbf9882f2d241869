/// A request and its answer, as far as the wire is concerned.
final class OpenStream {
    enum Phase {
        /// The request is not complete.
        case receiving
        /// The request is complete, and whoever answers takes the time that it takes.
        case waiting
        case sending
        /// The answer is sent, and not all of the request came: the client has a while to notice.
        case draining
    }

    /// What of an answer's content is still to be sent.
    enum Content {
        case none
        case bytes([UInt8], from: Int)
        case read(any OutgoingContent)
    }

    let id: Int32
    var phase = Phase.receiving
    /// When the phase began, in nanoseconds.
    var since: UInt64
    /// When the client last sent content that is dropped, in nanoseconds.
    var droppedAt: UInt64 = 0
    /// Bytes of content that were sent.
    var sent = 0
    var content = Content.none
    /// The content ends before what its head promised: the stream is reset in its place.
    var isCut = false
    /// What still comes of the request is of no use: the client is told so after the answer.
    var stopsRequest = false
    /// Whether the head, or the trailers, were taken; what comes then is dropped.
    var isRefused = false

    init(_ id: Int32, at now: UInt64) {
        self.id = id
        since = now
    }

    var remaining: Int {
        switch content {
        case .none: 0
        case .bytes(let bytes, let start): bytes.count - start
        case .read(let source): source.remaining
        }
    }

    /// Whether the content is in memory.
    var isHeld: Bool {
        if case .bytes = content { true } else { false }
    }

    /// Bytes of the content that are in memory.
    var heldBytes: Int { isHeld ? remaining : 0 }

    /// Appends the next bytes of the content; whether there were so many.
    func read(_ count: Int, into out: inout [UInt8]) -> Bool {
        switch content {
        case .none: return count == 0
        case .bytes(let bytes, let start):
            guard count <= bytes.count - start else { return false }
            out.append(contentsOf: bytes[start..<start + count])
            content = .bytes(bytes, from: start + count)
            return true
        case .read(let source): return source.read(count, into: &out)
        }
    }

    /// When the client's time is up, in nanoseconds; `nil` while it waits for us.
    func due(_ limits: HTTP2Limits) -> UInt64? {
        switch phase {
        case .draining: min(max(since, droppedAt) + limits.drainTime, since + limits.bodyTime)
        case .receiving: since + limits.bodyTime
        case .waiting: nil
        case .sending: since + limits.bodyTime + UInt64(sent) * 1_000_000_000 / limits.leastRate
        }
    }
}

@available(*, unavailable)
extension OpenStream: Sendable {}  // Belongs to one event loop.
