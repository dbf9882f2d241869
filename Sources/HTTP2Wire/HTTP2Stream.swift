/// A stream: one request and its response.
final class HTTP2Stream {
    enum Phase {
        /// The request is incomplete.
        case receiving
        /// The request is complete and the handler is working.
        case waiting
        case sending
        /// The response is sent, but the request is incomplete: the client has `drainTimeout` to finish.
        case draining
    }

    /// Response content that is still to be sent.
    enum Content {
        case none
        case bytes([UInt8], from: Int)
        case read(any OutgoingContent)
        case stream(any StreamedContent)
    }

    let id: Int32
    var phase = Phase.receiving
    /// When the phase began, in nanoseconds.
    var phaseStartedAt: UInt64
    /// When the client last sent content that is discarded, in nanoseconds.
    var discardedAt: UInt64 = 0
    /// Content bytes sent.
    var sentBytes = 0
    var content = Content.none
    /// Whether its content has nothing to send at present: the client has no time limit then.
    var isDeferred = false
    /// Whether the streamed content of the latest DATA was all that was available, within the windows.
    var sendsAllAvailable = false
    /// The content ends early: the stream is reset instead of ended.
    var isTruncated = false
    /// Content bytes sent of the whole response.
    var totalSentBytes = 0
    /// Whether the end of the response is to be reported.
    var isObserved = false
    /// Whether this side has reset the stream.
    var isResetByServer = false
    /// The rest of the request is discarded, and the stream is reset after the response.
    var discardsRequestBody = false
    /// Whether the head or the trailers were invalid; further content is discarded.
    var isRejected = false

    init(_ id: Int32, at now: UInt64) {
        self.id = id
        phaseStartedAt = now
    }

    var remaining: Int {
        switch content {
        case .none: 0
        case .bytes(let bytes, let start): bytes.count - start
        case .read(let source): source.remaining
        case .stream: 0
        }
    }

    /// The content, if it becomes available part by part.
    var streamed: (any StreamedContent)? {
        if case .stream(let content) = content { content } else { nil }
    }

    /// Whether content is pending that the client has yet to accept.
    var isSending: Bool { phase == .sending && !isDeferred }

    /// Whether the content is in memory.
    var isBuffered: Bool {
        if case .bytes = content { true } else { false }
    }

    /// Content bytes in memory.
    var bufferedBytes: Int { isBuffered ? remaining : 0 }

    /// Appends exactly the next `count` bytes of the content. Returns whether that was possible.
    func read(_ count: Int, into out: inout [UInt8]) -> Bool {
        switch content {
        case .none: return count == 0
        case .bytes(let bytes, let start):
            guard count <= bytes.count - start else { return false }
            out.append(contentsOf: bytes[start..<start + count])
            content = .bytes(bytes, from: start + count)
            return true
        case .read(let source): return source.read(count, into: &out)
        case .stream(let source):
            source.read(count, into: &out)
            return true
        }
    }

    /// Returns the time limit for the client, in nanoseconds; `nil` while the handler is working.
    func deadline(_ limits: HTTP2Limits) -> UInt64? {
        switch phase {
        case .draining:
            min(max(phaseStartedAt, discardedAt) + limits.drainTimeout, phaseStartedAt + limits.bodyTimeout)
        case .receiving: phaseStartedAt + limits.bodyTimeout
        case .waiting: nil
        case .sending where isDeferred: nil
        case .sending:
            phaseStartedAt + limits.bodyTimeout + UInt64(sentBytes) * 1_000_000_000 / limits.minimumRate
        }
    }
}

@available(*, unavailable)
extension HTTP2Stream: Sendable {}  // Belongs to one event loop.
