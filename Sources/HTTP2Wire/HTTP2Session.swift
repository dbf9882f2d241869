internal import CNghttp2
internal import HTTPWire

/// HTTP/2 for one client's connection (RFC 9113): bytes in, events and bytes out. Does no I/O.
///
/// nghttp2 reads and writes the frames. It allows one thread at a time and forbids re-entry from its
/// callbacks; so callbacks only append to `events`, and this object never leaves its event loop. What
/// nghttp2 lets pass, `FrameRules` judges before.
@safe  // The C pointers never leave this type.
package final class HTTP2Session {
    /// What a client begins with (RFC 9113 §3.4).
    package static let preface = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    // Fixed:
    let limits: HTTP2Limits
    let session: OpaquePointer

    // Of what came:
    var streams: [Int32: OpenStream] = [:]
    var events: [HTTP2Event] = []
    var assembly: RequestAssembly
    var rules: FrameRules
    private var scanner = FrameScanner()
    private var credit = ReceiveCredit()
    /// Where the bytes under way begin, for callbacks that are given places in them.
    var inputStart: UnsafePointer<UInt8>?
    /// The stream whose head or data was seen last.
    var current: OpenStream?
    var now: UInt64 = 0
    /// What a callback found that ends the connection.
    var violation: HTTP2ErrorCode?
    /// Whether the client has confirmed our settings.
    package internal(set) var isConfirmed = false

    // Of what goes:
    var output: [UInt8] = []
    /// Frames that were to be sent while input was read.
    var replies: [UInt8] = []
    var outputLimit = 0
    var scratch: [UInt8] = []
    /// When the client last took content, or had none to take, in nanoseconds.
    package internal(set) var takenAt: UInt64 = 0

    /// The code with which the connection was ended from here, if it was.
    package private(set) var endCode: HTTP2ErrorCode?

    /// Begins a connection. `secure` says whether it has TLS.
    package init(limits: HTTP2Limits, secure: Bool) {
        self.limits = limits
        assembly = RequestAssembly(limits: limits.message, secure: secure)
        rules = FrameRules(headerLimit: limits.message.header)
        unsafe session = Self.makeSession()
        unsafe nghttp2_session_set_user_data(session, Unmanaged.passUnretained(self).toOpaque())
        submitSettings()
        let window = Int32(clamping: limits.connectionWindow)
        _ = unsafe nghttp2_session_set_local_window_size(session, 0, 0, window)
    }

    deinit { unsafe nghttp2_session_del(session) }

    /// Requests whose answer is not complete.
    package var streamCount: Int { streams.count }

    /// What is under way of the frames that come.
    package enum Reading: Equatable, Sendable {
        case nothing
        /// The preface or a header block, to be sent at once.
        case head
        case frame
    }

    package var reading: Reading {
        if !scanner.hasPreface || rules.isInBlock { return .head }
        return scanner.isBetweenFrames ? .nothing : .frame
    }

    /// How many frames have begun.
    package private(set) var frameCount = 0
    /// Bytes of content that wait in memory to be sent.
    package internal(set) var heldContent = 0

    /// Whether a complete request is not answered, or its answer not sent.
    package var owesAnswers: Bool {
        streams.values.contains { $0.phase == .waiting || $0.phase == .sending }
    }

    /// When the first of the requests that were answered early is reset, in nanoseconds.
    package internal(set) var drainsUntil = UInt64.max

    /// Whether nothing more will be read or written: the connection may be closed.
    package var isOver: Bool {
        unsafe nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0
            && replies.isEmpty
    }

    /// Whether there is something to send which is not held back by the client's windows.
    package var wantsToSend: Bool { unsafe nghttp2_session_want_write(session) != 0 || !replies.isEmpty }

    /// Takes received bytes and returns what they meant, in order. `now` is in nanoseconds and never less
    /// than before. After a violation there are no events, and `endCode` tells the reason.
    package func receive(_ bytes: [UInt8], _ count: Int, at now: UInt64) -> [HTTP2Event] {
        guard endCode == nil else { return [] }
        self.now = now
        var end = count
        scan(bytes.span.extracting(..<count), &end)
        if end > 0 { feed(bytes, end) }
        if let violation {
            terminate(violation)
            events.removeAll(keepingCapacity: true)
            return []
        }
        var taken: [HTTP2Event] = []
        swap(&taken, &events)
        return taken
    }

    /// Gives back the room for events that were dealt with.
    package func recycle(_ events: consuming [HTTP2Event]) {
        events.removeAll(keepingCapacity: true)
        if self.events.isEmpty { self.events = events }
    }

    /// Judges the frames; `end` becomes the place of the first that must not be read.
    private func scan(_ input: Span<UInt8>, _ end: inout Int) {
        var offset = 0
        var start = 0
        while let frame = scanner.next(in: input, from: &offset, start: &start) {
            frameCount += 1
            guard let code = rules.judge(frame, at: now) else { continue }
            violation = code
            end = start
            return
        }
    }

    /// Gives bytes to nghttp2, in pieces: each stream that the client breaks is reset, and the reset counted,
    /// before the next ones are read.
    private func feed(_ bytes: [UInt8], _ count: Int) {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe inputStart = bytes.baseAddress
            defer { unsafe inputStart = nil }
            var start = 0
            while start < count, violation == nil {
                let end = min(count, start + Self.pieceMax)
                let result = unsafe nghttp2_session_mem_recv(
                    session, bytes.baseAddress.map { unsafe $0 + start }, end - start)
                if result < 0, violation == nil { violation = Self.code(of: result) }
                start = end
                if start < count { collectReplies() }
            }
        }
    }

    /// At most some eighty requests, fewer than may be open at once.
    private static let pieceMax = 2048

    /// What nghttp2 gives up on, instead of ending it in good order.
    private static func code(of result: Int) -> HTTP2ErrorCode {
        switch CInt(result) {
        case NGHTTP2_ERR_FLOODED.number, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.number: .enhanceYourCalm
        case NGHTTP2_ERR_NOMEM.number, NGHTTP2_ERR_CALLBACK_FAILURE.number: .internalError
        default: .protocolError
        }
    }

    /// Tells the client that it may send again what was taken of a body, as far as we hold not too much.
    /// Returns a stream that was refused because it is, whose body is to be let go.
    package func consumed(_ count: Int, of stream: Int32) -> Int32? {
        unsafe nghttp2_session_consume_connection(session, count)
        if credit.take(count, of: stream) {
            unsafe nghttp2_session_consume_stream(session, stream, count)
            return nil
        }
        give(credit.settle())
        guard let surplus = credit.surplus else { return nil }
        // RFC 9113 §8.7: nothing was done for it, so that the client may send it again.
        reset(surplus, .refusedStream)
        released(surplus)
        return surplus
    }

    /// Notes that a request's body is held no longer as one that is incomplete.
    package func released(_ stream: Int32) { give(credit.finish(stream)) }

    /// Lets go bytes of a body that nobody wants. The client may go on sending it: not every client reads its
    /// answer before that is done.
    package func dropped(_ count: Int, of stream: Int32) {
        _ = unsafe nghttp2_session_consume(session, stream, count)
    }

    /// Notes that nobody wants the body of a request any more.
    package func discard(_ stream: Int32) {
        let owed = credit.owed(to: stream)
        released(stream)
        if owed > 0 { unsafe nghttp2_session_consume_stream(session, stream, owed) }
    }

    /// Whether windows are to open less readily, because much is held of other connections' bodies.
    package var holdsBack: Bool {
        get { credit.isScarce }
        set { credit.isScarce = newValue }
    }

    private func give(_ grant: ReceiveCredit.Grant) {
        for (stream, count) in grant { unsafe nghttp2_session_consume_stream(session, stream, count) }
    }
}

// How a connection ends.
extension HTTP2Session {
    /// Ends the connection with a GOAWAY of this code; what was under way is lost.
    package func terminate(_ code: HTTP2ErrorCode) {
        guard endCode == nil else { return }
        endCode = code
        streams.removeAll()
        heldContent = 0
        unsafe nghttp2_session_terminate_session(session, code.rawValue)
    }

    /// Asks the client to send no more requests. Those that cross this on the way are still answered: the
    /// real end follows once the client was seen to know (RFC 9113 §6.8), as `goAwayAcknowledged` tells.
    package func announceEnd() {
        unsafe nghttp2_submit_shutdown_notice(session)
        unsafe nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
    }

    /// Takes no further request. The connection is over when those that came are answered.
    package func end() {
        let last = unsafe nghttp2_session_get_last_proc_stream_id(session)
        unsafe nghttp2_submit_goaway(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, 0, nil, 0)
    }

    /// Resets one stream.
    package func reset(_ stream: Int32, _ code: HTTP2ErrorCode) {
        unsafe nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream, code.rawValue)
    }

    /// Resets a stream whose client let its time pass.
    package func resetStalled(_ stream: Int32) { reset(stream, .enhanceYourCalm) }

    /// Whether the connection was ended because the client broke a rule.
    package var isViolated: Bool { endCode.map { $0 != .none } ?? false }

    /// Counts a request that was cut short because of the client without a reset, like a reset; too much of
    /// that ends the connection.
    package func countProvoked() {
        if let code = rules.countProvokedReset(at: now) { terminate(code) }
    }

    /// The streams whose clients' time is up, and the earliest time at which the next one's is. Those that
    /// were answered early are reset.
    package func overdue(at now: UInt64) -> (streams: [(id: Int32, isAnswered: Bool)], next: UInt64) {
        var late: [(id: Int32, isAnswered: Bool)] = []
        var next = UInt64.max
        drainsUntil = .max
        for stream in streams.values {
            guard let due = stream.due(limits) else { continue }
            if due > now {
                next = min(next, due)
            } else if stream.phase == .draining {
                // RFC 9113 §8.1: the answer is whole, and the rest of the request not wanted.
                reset(stream.id, .none)
            } else {
                late.append((stream.id, stream.phase == .sending))
            }
        }
        return (late, next)
    }
}

@available(*, unavailable)
extension HTTP2Session: Sendable {}  // Belongs to one event loop.
