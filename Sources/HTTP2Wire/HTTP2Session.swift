internal import CNghttp2
internal import HTTPWire

/// The HTTP/2 state of one client connection (RFC 9113): bytes in, events and bytes out. Performs no I/O.
///
/// nghttp2 parses and writes the frames. It allows one thread at a time and forbids re-entry from its
/// callbacks, so callbacks only append to `events`, and this object never leaves its event loop. `FrameRules`
/// checks each frame first for what nghttp2 does not limit.
@safe  // The C pointers never leave this type.
package final class HTTP2Session {
    /// The client's connection preface (RFC 9113 §3.4).
    package static let preface = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    // Immutable.
    let limits: HTTP2Limits
    let session: OpaquePointer

    // Input.
    var streams: [Int32: HTTP2Stream] = [:]
    var events: [HTTP2Event] = []
    var assembly: RequestHeadBuilder
    var rules: FrameRules
    private var scanner = FrameScanner()
    private var credit = ReceiveCredit()
    /// The start of the input being parsed; callbacks receive pointers into it.
    var inputStart: UnsafePointer<UInt8>?
    /// The stream of the latest HEADERS or DATA frame.
    var current: HTTP2Stream?
    var now: UInt64 = 0
    /// A connection error found by a callback (RFC 9113 §5.4.1).
    var connectionError: HTTP2ErrorCode?
    /// Whether the client has acknowledged our settings.
    package internal(set) var settingsAcknowledged = false

    // Output.
    var output: [UInt8] = []
    /// Control frames produced while input was parsed.
    var pendingControlFrames: [UInt8] = []
    var outputLimit = 0
    /// Streams with a `StreamedContent` that have closed.
    var closedContents: [Int32] = []
    var scratch: [UInt8] = []
    /// When the client last accepted content, or had none to accept, in nanoseconds.
    package internal(set) var lastProgressAt: UInt64 = 0

    /// The error code with which this side ended the connection; `nil` while it is open.
    package private(set) var terminationCode: HTTP2ErrorCode?

    /// Creates the session of a new connection. `secure`: whether the connection uses TLS.
    package init(limits: HTTP2Limits, secure: Bool) {
        self.limits = limits
        assembly = RequestHeadBuilder(limits: limits.message, secure: secure)
        rules = FrameRules(headerLimit: limits.message.header)
        unsafe session = Self.makeSession()
        unsafe nghttp2_session_set_user_data(session, Unmanaged.passUnretained(self).toOpaque())
        submitSettings()
        let window = Int32(clamping: limits.connectionWindow)
        _ = unsafe nghttp2_session_set_local_window_size(session, 0, 0, window)
    }

    deinit { unsafe nghttp2_session_del(session) }

    /// Streams whose response is incomplete.
    package var streamCount: Int { streams.count }

    /// The kind of input that has begun and is incomplete.
    package enum PartialInput: Equatable, Sendable {
        case nothing
        /// The connection preface or a header block, which clients send without pause.
        case head
        case frame
    }

    package var partialInput: PartialInput {
        if !scanner.hasPreface || rules.isInHeaderBlock { return .head }
        return scanner.isBetweenFrames ? .nothing : .frame
    }

    /// Frames that have begun so far.
    package private(set) var frameCount = 0
    /// Bytes of response content that wait in memory.
    package internal(set) var bufferedContentBytes = 0

    /// Whether a complete request has no response yet, or one that is not fully sent; streamed content
    /// does not count.
    package var hasPendingRequests: Bool {
        streams.values.contains { $0.phase == .waiting || $0.phase == .sending && $0.streamed == nil }
    }

    /// When the first stream with an early response is reset, in nanoseconds.
    package internal(set) var earliestDrainDeadline = UInt64.max

    /// Whether nothing more will be read or written, so the connection can be closed.
    package var isFinished: Bool {
        unsafe nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0
            && pendingControlFrames.isEmpty
    }

    /// Ends of observed responses that were not taken.
    var endedResponses: [EndedResponse] = []
    /// The content of observed responses in the output of the last `send`.
    var sentContents: [SentContent] = []
    /// The length of the output of the last `send`.
    var sentCount = 0

    /// Parses received bytes and returns their events in order. `now` is in nanoseconds and never decreases.
    /// After a connection error there are no events, and `terminationCode` is set.
    package func receive(_ bytes: [UInt8], _ count: Int, at now: UInt64) -> [HTTP2Event] {
        guard terminationCode == nil else { return [] }
        self.now = now
        var end = count
        scan(bytes.span.extracting(..<count), &end)
        if end > 0 { feed(bytes, end) }
        if let connectionError {
            terminate(connectionError)
            events.removeAll(keepingCapacity: true)
            return []
        }
        var taken: [HTTP2Event] = []
        swap(&taken, &events)
        return taken
    }

    /// Takes back an array from `receive` to reuse its capacity.
    package func recycle(_ events: consuming [HTTP2Event]) {
        events.removeAll(keepingCapacity: true)
        if self.events.isEmpty { self.events = events }
    }

    /// Checks the frames; lowers `end` to the start of the first that nghttp2 must not read.
    private func scan(_ input: Span<UInt8>, _ end: inout Int) {
        var offset = 0
        var start = 0
        while let frame = scanner.next(in: input, from: &offset, start: &start) {
            frameCount += 1
            guard let code = rules.check(frame, at: now) else { continue }
            connectionError = code
            end = start
            return
        }
    }

    /// Passes bytes to nghttp2 in pieces, so that each stream error is counted before the next requests are
    /// parsed.
    private func feed(_ bytes: [UInt8], _ count: Int) {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe inputStart = bytes.baseAddress
            defer { unsafe inputStart = nil }
            var start = 0
            while start < count, connectionError == nil {
                let end = min(count, start + Self.pieceMax)
                let result = unsafe nghttp2_session_mem_recv(
                    session, bytes.baseAddress.map { unsafe $0 + start }, end - start)
                if result < 0, connectionError == nil { connectionError = Self.code(of: result) }
                start = end
                if start < count { collectControlFrames() }
            }
        }
    }

    /// Holds at most about eighty requests, fewer than the stream limit.
    private static let pieceMax = 2048

    /// Returns the error code for an nghttp2 failure that it does not report by a GOAWAY of its own.
    private static func code(of result: Int) -> HTTP2ErrorCode {
        switch CInt(result) {
        case NGHTTP2_ERR_FLOODED.number, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.number: .enhanceYourCalm
        case NGHTTP2_ERR_NOMEM.number, NGHTTP2_ERR_CALLBACK_FAILURE.number: .internalError
        default: .protocolError
        }
    }

    /// Returns flow-control credit for body bytes that the caller has buffered, unless too much is buffered.
    /// Returns a stream that was refused for that reason; the caller must free its body.
    package func consume(_ count: Int, of stream: Int32) -> Int32? {
        unsafe nghttp2_session_consume_connection(session, count)
        if credit.record(count, of: stream) {
            unsafe nghttp2_session_consume_stream(session, stream, count)
            return nil
        }
        openWindows(credit.takeGrant())
        guard let streamToRefuse = credit.streamToRefuse else { return nil }
        // RFC 9113 §8.7: the request was not processed, so the client may retry it.
        reset(streamToRefuse, .refusedStream)
        releaseBody(streamToRefuse)
        return streamToRefuse
    }

    /// Records that a request's body is complete or abandoned, and no longer counts as buffered.
    package func releaseBody(_ stream: Int32) { openWindows(credit.removeBody(stream)) }

    /// Returns flow-control credit for body bytes that are discarded. The client may keep sending: not every
    /// client reads the response before its request is sent.
    package func discardBytes(_ count: Int, of stream: Int32) {
        _ = unsafe nghttp2_session_consume(session, stream, count)
    }

    /// Records that the rest of a request's body is to be discarded.
    package func discardBody(_ stream: Int32) {
        let withheld = credit.withheld(from: stream)
        releaseBody(stream)
        if withheld > 0 { unsafe nghttp2_session_consume_stream(session, stream, withheld) }
    }

    /// Whether windows open less readily because other connections buffer much body data.
    package var isBodyMemoryScarce: Bool {
        get { credit.isScarce }
        set { credit.isScarce = newValue }
    }

    private func openWindows(_ grant: ReceiveCredit.Grant) {
        for (stream, count) in grant { unsafe nghttp2_session_consume_stream(session, stream, count) }
    }
}

// The end of a connection.
extension HTTP2Session {
    /// Ends the connection with a GOAWAY of this code; unfinished streams are lost.
    package func terminate(_ code: HTTP2ErrorCode) {
        guard terminationCode == nil else { return }
        terminationCode = code
        for stream in streams.values where stream.isObserved { reportEnd(of: stream, .resetByServer) }
        streams.removeAll()
        bufferedContentBytes = 0
        unsafe nghttp2_session_terminate_session(session, code.rawValue)
    }

    /// Announces a graceful shutdown (RFC 9113 §6.8). Requests in flight are still answered; send the final
    /// GOAWAY when the `goAwayAcknowledged` event arrives.
    package func announceShutdown() {
        unsafe nghttp2_submit_shutdown_notice(session)
        unsafe nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
    }

    /// Sends the final GOAWAY. The connection is finished when the accepted requests are answered.
    package func sendGoAway() {
        let last = unsafe nghttp2_session_get_last_proc_stream_id(session)
        unsafe nghttp2_submit_goaway(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, 0, nil, 0)
    }

    /// Resets a stream.
    package func reset(_ stream: Int32, _ code: HTTP2ErrorCode) {
        unsafe nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream, code.rawValue)
    }

    /// Resets a stream whose client exceeded a time limit.
    package func resetStalled(_ stream: Int32) { reset(stream, .enhanceYourCalm) }

    /// Whether the connection was ended because of an error.
    package var hasConnectionError: Bool { terminationCode.map { $0 != .none } ?? false }

    /// Counts a request that was aborted because of the client, like a reset; too many end the connection.
    package func countAbortedRequest() {
        if let code = rules.countInducedReset(at: now) { terminate(code) }
    }

    /// Returns the streams that exceeded a time limit, and the time of the next limit. Resets those with an
    /// early response itself.
    package func overdue(at now: UInt64) -> (streams: [(id: Int32, hasResponse: Bool)], next: UInt64) {
        var late: [(id: Int32, hasResponse: Bool)] = []
        var next = UInt64.max
        earliestDrainDeadline = .max
        for stream in streams.values {
            guard let deadline = stream.deadline(limits) else { continue }
            if deadline > now {
                next = min(next, deadline)
            } else if stream.phase == .draining {
                // RFC 9113 §8.1: the response is complete, and the rest of the request is not needed.
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
