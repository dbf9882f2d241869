internal import CNghttp2
package import HTTPWire

// Responses.
extension HTTP2Session {
    /// The content of a response.
    package enum Content {
        case none
        case bytes([UInt8])
        case read(any OutgoingContent)
        case stream(any StreamedContent)
    }

    /// Submits a response; does nothing and returns false if the stream is gone. Ignores `head.closes`.
    @discardableResult
    package func respond(
        _ id: Int32, _ head: ResponseHead, _ content: Content,
        _ options: HTTP2ResponseOptions = HTTP2ResponseOptions()
    ) -> Bool {
        guard let stream = streams[id] else { return false }
        stream.isObserved = options.isObserved
        stream.discardsRequestBody = options.discardsRequestBody || stream.phase == .receiving
        stream.isTruncated = options.isTruncated
        stream.phase = .sending
        stream.phaseStartedAt = now
        if lastProgressAt == 0 || !hasOtherSender(than: id) { lastProgressAt = now }
        switch content {
        case .none: stream.content = .none
        case .bytes(let bytes):
            stream.content = bytes.isEmpty ? .none : .bytes(bytes, from: 0)
            bufferedContentBytes += bytes.count
        case .read(let source): stream.content = source.remaining == 0 ? .none : .read(source)
        case .stream(let source): stream.content = .stream(source)
        }
        submit(head, on: stream)
        return true
    }

    /// Sends the interim response to `Expect: 100-continue`.
    package func sendContinue(_ id: Int32) {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: "100".utf8)
        withFields(capacity: 1) { fields in
            unsafe fields.add(":status", fields.text, 0..<3)
            unsafe nghttp2_submit_headers(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, nil, fields.base, fields.count, nil)
        }
    }

    /// Continues a response whose content had nothing to send. Its time limits start anew.
    package func resume(_ id: Int32, at now: UInt64) {
        guard let stream = streams[id], stream.isDeferred else { return }
        stream.isDeferred = false
        stream.phaseStartedAt = now
        stream.sentBytes = 0
        if lastProgressAt != now, !hasOtherSender(than: id) { lastProgressAt = now }
        _ = unsafe nghttp2_session_resume_data(session, id)
    }

    /// Resets a stream whose content ends before it is complete.
    package func abort(_ id: Int32) {
        guard let stream = streams[id] else { return }
        stream.isTruncated = true
        reset(id, .internalError)
    }

    /// Returns the streams with a `StreamedContent` that have closed since the last call.
    package func takeClosedContents() -> [Int32] {
        if closedContents.isEmpty { return [] }
        defer { closedContents = [] }
        return closedContents
    }

    private func hasOtherSender(than id: Int32) -> Bool {
        streams.count > 1 && streams.values.contains { $0.id != id && $0.isSending }
    }

    private func submit(_ head: ResponseHead, on stream: HTTP2Stream) {
        scratch.removeAll(keepingCapacity: true)
        let status = appendDecimal(UInt64(head.status))
        var length: Range<Int>?
        if case .length(let count) = head.framing { length = appendDecimal(UInt64(count)) }
        let idStart = scratch.count
        scratch.append(contentsOf: head.requestID.utf8)
        let requestID = idStart..<scratch.count
        let lines = head.fields
        withFields(capacity: lines.count + 4) { fields in
            unsafe fields.add(":status", fields.text, status)
            unsafe head.date.withUnsafeBufferPointer { unsafe fields.add("date", $0, 0..<$0.count) }
            unsafe lines.bytes.withUnsafeBufferPointer { bytes in
                for position in 0..<lines.count { unsafe fields.add(lines.lineRanges(at: position), bytes) }
            }
            // Changes with every response, so it is kept out of the client's HPACK table.
            if let length { unsafe fields.add("content-length", fields.text, length, isIndexed: false) }
            if !requestID.isEmpty {
                unsafe fields.add("x-request-id", fields.text, requestID, isIndexed: false)
            }
            submit(fields, on: stream)
        }
    }

    private func submit(_ fields: borrowing HeaderFieldArray, on stream: HTTP2Stream) {
        guard stream.remaining > 0 || stream.isTruncated || stream.streamed != nil else {
            _ = unsafe nghttp2_submit_response(session, stream.id, fields.base, fields.count, nil)
            return
        }
        var provider = unsafe nghttp2_data_provider(
            source: nghttp2_data_source(), read_callback: Self.nextContent)
        _ = unsafe nghttp2_submit_response(session, stream.id, fields.base, fields.count, &provider)
    }

    private func appendDecimal(_ number: UInt64) -> Range<Int> {
        let start = scratch.count
        scratch.append(decimal: number)
        return start..<scratch.count
    }

    private func withFields(capacity: Int, _ body: (inout HeaderFieldArray) -> Void) {
        unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: capacity) { storage in
            unsafe scratch.withUnsafeBufferPointer { text in
                var fields = unsafe HeaderFieldArray(storage: storage, text: text)
                body(&fields)
            }
        }
    }
}

// Output.
extension HTTP2Session {
    /// Appends pending frames to `out` until it holds about `limit` bytes.
    package func send(into out: inout [UInt8], upTo limit: Int, at now: UInt64) {
        self.now = now
        outputLimit = limit
        swap(&out, &output)
        sentContents.removeAll(keepingCapacity: true)
        defer {
            sentCount = output.count
            swap(&out, &output)
        }
        if !pendingControlFrames.isEmpty {
            output.append(contentsOf: pendingControlFrames)
            pendingControlFrames = []
        }
        sendFrames(upTo: limit)
        guard let connectionError, terminationCode == nil else { return }
        terminate(connectionError)
        sendFrames(upTo: limit)
    }

    private func sendFrames(upTo limit: Int) {
        while output.count < limit, let frame = unsafe nextFrame() { unsafe output.append(contentsOf: frame) }
    }

    /// Moves the frames that nghttp2 has pending, except DATA, to `pendingControlFrames`.
    func collectControlFrames() {
        outputLimit = 0
        while let frame = unsafe nextFrame() { unsafe pendingControlFrames.append(contentsOf: frame) }
    }

    private func nextFrame() -> UnsafeBufferPointer<UInt8>? {
        var bytes: UnsafePointer<UInt8>?
        let count = unsafe nghttp2_session_mem_send(session, &bytes)
        guard count > 0, let start = unsafe bytes else { return nil }
        return unsafe UnsafeBufferPointer(start: start, count: count)
    }
}
