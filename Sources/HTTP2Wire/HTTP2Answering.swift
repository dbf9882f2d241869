internal import CNghttp2
package import HTTPWire

/// What is said of a request beside its answer.
package struct HTTP2AnswerOptions: Sendable {
    /// What comes of the request after the answer is of no use; the client is told so.
    package var stopsRequest = false
    /// After the content comes no end, but a reset: the simulator's faults.
    package var isCut = false

    package init() {}
}

// From answers to bytes.
extension HTTP2Session {
    /// The content of an answer.
    package enum Content {
        case none
        case bytes([UInt8])
        case read(any OutgoingContent)
    }

    /// Answers a request, unless its stream is gone. `head.closes` says nothing here.
    package func answer(
        _ id: Int32, _ head: ResponseHead, _ content: Content,
        _ options: HTTP2AnswerOptions = HTTP2AnswerOptions()
    ) {
        guard let stream = streams[id] else { return }
        stream.stopsRequest = options.stopsRequest || stream.phase == .receiving
        stream.isCut = options.isCut
        stream.phase = .sending
        stream.since = now
        if takenAt == 0 || !hasOtherSender(than: id) { takenAt = now }
        switch content {
        case .none: stream.content = .none
        case .bytes(let bytes):
            stream.content = bytes.isEmpty ? .none : .bytes(bytes, from: 0)
            heldContent += bytes.count
        case .read(let source): stream.content = source.remaining == 0 ? .none : .read(source)
        }
        submit(head, on: stream)
    }

    /// Sends the interim answer to `Expect: 100-continue`.
    package func sendContinue(_ id: Int32) {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: "100".utf8)
        withFields(capacity: 1) { fields in
            unsafe fields.add(":status", fields.text, 0..<3)
            unsafe nghttp2_submit_headers(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, nil, fields.base, fields.count, nil)
        }
    }

    private func hasOtherSender(than id: Int32) -> Bool {
        streams.count > 1 && streams.values.contains { $0.id != id && $0.phase == .sending }
    }

    private func submit(_ head: ResponseHead, on stream: OpenStream) {
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
                for position in 0..<lines.count { unsafe fields.add(lines.place(at: position), bytes) }
            }
            // Never twice the same: not worth a place in the client's table.
            if let length { unsafe fields.add("content-length", fields.text, length, isIndexed: false) }
            if !requestID.isEmpty {
                unsafe fields.add("x-request-id", fields.text, requestID, isIndexed: false)
            }
            submit(fields, on: stream)
        }
    }

    private func submit(_ fields: borrowing FieldArray, on stream: OpenStream) {
        guard stream.remaining > 0 || stream.isCut else {
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

    private func withFields(capacity: Int, _ body: (inout FieldArray) -> Void) {
        unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: capacity) { places in
            unsafe scratch.withUnsafeBufferPointer { text in
                var fields = unsafe FieldArray(places: places, text: text)
                body(&fields)
            }
        }
    }
}

// From frames to the connection.
extension HTTP2Session {
    /// Appends what is to be sent now, up to about `limit` bytes together with what is there.
    package func send(into out: inout [UInt8], upTo limit: Int, at now: UInt64) {
        self.now = now
        outputLimit = limit
        swap(&out, &output)
        defer { swap(&out, &output) }
        if !replies.isEmpty {
            output.append(contentsOf: replies)
            replies = []
        }
        sendFrames(upTo: limit)
        guard let violation, endCode == nil else { return }
        terminate(violation)
        sendFrames(upTo: limit)
    }

    private func sendFrames(upTo limit: Int) {
        while output.count < limit, let frame = unsafe nextFrame() { unsafe output.append(contentsOf: frame) }
    }

    /// Takes over what nghttp2 has to send now, content excepted.
    func collectReplies() {
        outputLimit = 0
        while let frame = unsafe nextFrame() { unsafe replies.append(contentsOf: frame) }
    }

    private func nextFrame() -> UnsafeBufferPointer<UInt8>? {
        var bytes: UnsafePointer<UInt8>?
        let count = unsafe nghttp2_session_mem_send(session, &bytes)
        guard count > 0, let start = unsafe bytes else { return nil }
        return unsafe UnsafeBufferPointer(start: start, count: count)
    }
}

/// The fields of one answer as nghttp2 takes them: it copies them, and makes the names' letters small.
@safe  // Lives within `withFields`, as what it points to does.
struct FieldArray: ~Copyable {
    private let places: UnsafeMutableBufferPointer<nghttp2_nv>
    let text: UnsafeBufferPointer<UInt8>
    private(set) var count = 0

    init(places: UnsafeMutableBufferPointer<nghttp2_nv>, text: UnsafeBufferPointer<UInt8>) {
        unsafe self.places = places
        unsafe self.text = text
    }

    var base: UnsafeMutablePointer<nghttp2_nv>? { unsafe places.baseAddress }

    mutating func add(
        _ name: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, _ value: Range<Int>, isIndexed: Bool = true
    ) {
        let name = unsafe UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        let value = unsafe UnsafeBufferPointer(rebasing: bytes[value])
        unsafe add(name, value, flags: isIndexed ? NGHTTP2_NV_FLAG_NONE : NGHTTP2_NV_FLAG_NO_INDEX)
    }

    mutating func add(_ line: (name: Range<Int>, value: Range<Int>), _ bytes: UnsafeBufferPointer<UInt8>) {
        let name = unsafe UnsafeBufferPointer(rebasing: bytes[line.name])
        let value = unsafe UnsafeBufferPointer(rebasing: bytes[line.value])
        unsafe add(name, value, flags: NGHTTP2_NV_FLAG_NONE)
    }

    private mutating func add(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, flags: nghttp2_nv_flag
    ) {
        let field = unsafe nghttp2_nv(
            name: UnsafeMutablePointer(mutating: name.baseAddress),
            value: UnsafeMutablePointer(mutating: value.baseAddress),
            namelen: name.count, valuelen: value.count, flags: UInt8(flags.rawValue))
        unsafe places.initializeElement(at: count, to: field)
        count += 1
    }
}
