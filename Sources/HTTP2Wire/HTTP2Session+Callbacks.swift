internal import CNghttp2
internal import HTTPWire

// Callbacks of nghttp2 for reading and writing. None of them calls nghttp2 to read or write.
extension HTTP2Session {
    private static func owner(of userData: UnsafeMutableRawPointer?) -> HTTP2Session {
        guard let userData = unsafe userData else { preconditionFailure("set when the session was made") }
        return unsafe Unmanaged.fromOpaque(userData).takeUnretainedValue()
    }

    static func makeSession() -> OpaquePointer {
        var callbacks: OpaquePointer?
        var option: OpaquePointer?
        var session: OpaquePointer?
        guard unsafe nghttp2_session_callbacks_new(&callbacks) == 0, unsafe nghttp2_option_new(&option) == 0
        else { preconditionFailure("no memory") }
        defer {
            unsafe nghttp2_session_callbacks_del(callbacks)
            unsafe nghttp2_option_del(option)
        }
        unsafe register(callbacks)
        unsafe configure(option)
        guard unsafe nghttp2_session_server_new2(&session, callbacks, nil, option) == 0,
            let session = unsafe session
        else { preconditionFailure("no memory") }
        return unsafe session
    }

    private static func configure(_ option: OpaquePointer?) {
        // `ReceiveCredit` decides when flow-control windows open again.
        unsafe nghttp2_option_set_no_auto_window_update(option, 1)
        unsafe nghttp2_option_set_max_outbound_ack(option, 256)
        // Limited by `FrameRules`, which ends the connection with a better error code.
        unsafe nghttp2_option_set_stream_reset_rate_limit(option, 1 << 30, 1 << 30)
        unsafe nghttp2_option_set_max_continuations(option, 1 << 10)
    }

    private static func register(_ callbacks: OpaquePointer?) {
        unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, beginHeaders)
        unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks, header)
        unsafe nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, invalidHeader)
        unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frameReceived)
        unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, dataReceived)
        unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, streamClosed)
        unsafe nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, frameSent)
        unsafe nghttp2_session_callbacks_set_send_data_callback(callbacks, sendContent)
    }

    func submitSettings() {
        let entries = [
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue),
                value: UInt32(limits.streamsMax)),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue),
                value: UInt32(limits.streamWindow)),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue),
                value: UInt32(limits.message.header)),
        ]
        unsafe nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
    }

    // Header fields.

    private static let beginHeaders: nghttp2_on_begin_headers_callback = { _, frame, userData in
        let session = unsafe owner(of: userData)
        let id = unsafe frame!.pointee.hd.stream_id
        if unsafe frame!.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
            let stream = HTTP2Stream(id, at: session.now)
            session.streams[id] = stream
            session.current = stream
            session.assembly.begin(trailers: false)
        } else {
            session.assembly.begin(trailers: true)
        }
        return 0
    }

    private static let header: nghttp2_on_header_callback = {
        _, _, name, nameCount, value, valueCount, _, userData in
        let session = unsafe owner(of: userData)
        let name = unsafe UnsafeBufferPointer(start: name, count: nameCount)
        let value = unsafe UnsafeBufferPointer(start: value, count: valueCount)
        unsafe session.addHeaderField(Span(_unsafeElements: name), Span(_unsafeElements: value))
        return session.connectionError == nil ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE.number
    }

    // nghttp2 would drop the field; RFC 9113 §8.1.1 requires the request to be treated as malformed.
    private static let invalidHeader: nghttp2_on_invalid_header_callback = { _, _, _, _, _, _, _, _ in
        NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.number
    }

    private func addHeaderField(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        if name.count > 4, name[0] == UInt8(ascii: ":") {
            // nghttp2 passes no other pseudo-header field, and each at most once.
            switch name[1] {
            case UInt8(ascii: "p"): assembly.set(.path, value)
            case UInt8(ascii: "m"): assembly.set(.method, value)
            case UInt8(ascii: "s"): assembly.set(.scheme, value)
            default: assembly.set(.authority, value)
            }
        } else {
            assembly.append(name, value)
        }
        // HPACK can expand few bytes to many (RFC 7541): bound the decoded size.
        if assembly.listSize > 16 * limits.message.header { connectionError = .enhanceYourCalm }
    }

    // Received frames.

    private static let frameReceived: nghttp2_on_frame_recv_callback = { _, frame, userData in
        let session = unsafe owner(of: userData)
        let header = unsafe frame!.pointee.hd
        let hasFirstFlag = header.flags & 1 != 0
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue:
            let isRequest = unsafe frame!.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
            guard let stream = session.stream(header.stream_id) else { break }
            session.completeHead(stream, isRequest: isRequest, endsStream: hasFirstFlag)
        case NGHTTP2_DATA.rawValue where hasFirstFlag:
            if let stream = session.stream(header.stream_id) { session.completeBody(stream, HTTPFields()) }
        case NGHTTP2_SETTINGS.rawValue where hasFirstFlag: session.settingsAcknowledged = true
        case NGHTTP2_PING.rawValue where hasFirstFlag: session.events.append(.goAwayAcknowledged)
        default: break
        }
        return 0
    }

    private func completeHead(_ stream: HTTP2Stream, isRequest: Bool, endsStream: Bool) {
        do throws(MessageError) {
            guard isRequest else { return completeBody(stream, try assembly.trailers()) }
            let head = try assembly.head(hasBody: !endsStream)
            if endsStream { stream.phase = .waiting }
            events.append(.head(stream.id, head, isComplete: endsStream))
        } catch {
            if endsStream, stream.phase == .receiving { stream.phase = .waiting }
            // Invalid trailers of a rejected request change nothing.
            if stream.isRejected { return }
            stream.isRejected = true
            events.append(.rejected(stream.id, error, isHEAD: isRequest && assembly.isHEAD))
        }
    }

    private func completeBody(_ stream: HTTP2Stream, _ trailers: HTTPFields) {
        guard stream.phase == .receiving else { return }
        stream.phase = .waiting
        if !stream.isRejected { events.append(.end(stream.id, trailers)) }
    }

    private func stream(_ id: Int32) -> HTTP2Stream? {
        if let current, current.id == id { return current }
        current = streams[id]
        return current
    }

    private static let dataReceived: nghttp2_on_data_chunk_recv_callback = {
        _, _, id, data, count, userData in
        let session = unsafe owner(of: userData)
        guard let start = unsafe session.inputStart, let stream = session.stream(id), !stream.isRejected
        else {
            session.discardBytes(count, of: id)
            return 0
        }
        if stream.phase == .draining { stream.discardedAt = session.now }
        let offset = unsafe data! - start
        session.events.append(.body(id, offset..<offset + count))
        return 0
    }

    private static let streamClosed: nghttp2_on_stream_close_callback = { _, id, _, userData in
        let session = unsafe owner(of: userData)
        guard let stream = session.streams.removeValue(forKey: id) else { return 0 }
        if session.current === stream { session.current = nil }
        session.bufferedContentBytes -= stream.bufferedBytes
        if stream.streamed != nil { session.closedContents.append(id) }
        if stream.isObserved {
            session.reportEnd(of: stream, stream.isResetByServer ? .resetByServer : .resetByClient)
        }
        if stream.phase == .receiving || stream.phase == .waiting {
            session.events.append(.closed(id, byClient: !stream.isResetByServer))
        }
        return 0
    }

    // Sent frames.

    static let nextContent: nghttp2_data_source_read_callback = { _, id, _, room, flags, _, userData in
        let session = unsafe owner(of: userData)
        guard let stream = session.streams[id] else {
            return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.number)
        }
        if let content = stream.streamed { return unsafe next(of: content, on: stream, room, flags!) }
        let remaining = stream.remaining
        if remaining == 0, stream.isTruncated { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.number) }
        unsafe flags!.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
        let count = min(remaining, room)
        if count == remaining, !stream.isTruncated { unsafe flags!.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue }
        return count
    }

    private static func next(
        of content: any StreamedContent, on stream: HTTP2Stream, _ room: Int,
        _ flags: UnsafeMutablePointer<UInt32>
    ) -> Int {
        if stream.isTruncated { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.number) }
        switch content.prepare(upTo: room) {
        case .bytes(let count):
            stream.sendsAllAvailable = count < room
            unsafe flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
            return count
        case .pending:
            stream.isDeferred = true
            return Int(NGHTTP2_ERR_DEFERRED.number)
        case .end:
            unsafe flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue | NGHTTP2_DATA_FLAG_EOF.rawValue
            return 0
        }
    }

    private static let sendContent: nghttp2_send_data_callback = { _, frame, header, count, _, userData in
        let session = unsafe owner(of: userData)
        // nghttp2 would continue as far as the client's windows allow.
        if session.output.count >= session.outputLimit { return NGHTTP2_ERR_WOULDBLOCK.number }
        let id = unsafe frame!.pointee.hd.stream_id
        let start = session.output.count
        unsafe session.output.append(
            contentsOf: UnsafeBufferPointer(start: header, count: FrameHeader.size))
        guard let stream = session.streams[id], stream.read(count, into: &session.output) else {
            // The source has less than Content-Length promised: reset the stream.
            session.streams[id]?.isTruncated = true
            session.output.removeLast(session.output.count - start)
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.number
        }
        stream.sentBytes += count
        stream.totalSentBytes += count
        if stream.isObserved {
            let end = session.output.count
            session.sentContents.append(SentContent(stream: id, range: end - count..<end))
        }
        if stream.isBuffered { session.bufferedContentBytes -= count }
        session.lastProgressAt = session.now
        return 0
    }

    private static let frameSent: nghttp2_on_frame_send_callback = { _, frame, userData in
        let session = unsafe owner(of: userData)
        let header = unsafe frame!.pointee.hd
        let (id, type, length) = (header.stream_id, UInt32(header.type), Int(header.length))
        if type == NGHTTP2_RST_STREAM.rawValue {
            session.streams[id]?.isResetByServer = true
            session.countReset(id, code: unsafe frame!.pointee.rst_stream.error_code)
        }
        guard type == NGHTTP2_DATA.rawValue || type == NGHTTP2_HEADERS.rawValue else { return 0 }
        let endsStream = header.flags & 1 != 0
        let isData = type == NGHTTP2_DATA.rawValue
        let isWhole = endsStream || isData && session.streams[id]?.sendsAllAvailable == true
        session.rules.countSent(isData ? length : 0, isWhole: isWhole)
        guard endsStream, let stream = session.streams[id] else { return 0 }
        if stream.isObserved { session.reportEnd(of: stream, .complete) }
        if stream.discardsRequestBody {
            stream.phase = .draining
            stream.phaseStartedAt = session.now
            session.earliestDrainDeadline = min(
                session.earliestDrainDeadline, session.now + session.limits.drainTimeout)
        }
        return 0
    }

    /// Counts a reset that this session or nghttp2 itself sends (CVE-2025-8671). Does not count the reset
    /// after an early response, which comes only after the drain timeout, nor truncated content.
    private func countReset(_ id: Int32, code: UInt32) {
        if code == HTTP2ErrorCode.none.rawValue || streams[id]?.isTruncated == true { return }
        if let code = rules.countInducedReset(at: now), connectionError == nil { connectionError = code }
    }
}

extension nghttp2_error {
    /// The code as the type that nghttp2's functions return.
    var number: CInt { CInt(rawValue) }
}
