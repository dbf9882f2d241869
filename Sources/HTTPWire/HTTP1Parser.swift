/// HTTP/1.1 requests of one connection (RFC 9112), from bytes to events. Does no I/O and keeps no input.
///
/// Call `next` until it returns `nil`, then drop what lies before `offset`, append what arrives, and call
/// again. What belongs together and is still incomplete (a head, the line that begins a chunk, a trailer
/// section) stays unconsumed meanwhile, at most the limits' worth of bytes; the parser remembers how far it
/// looked and looks at no byte twice. So the bytes from `offset` on must be the same ones at the next call,
/// though they may have moved.
///
/// Reads strictly, and in the order of the bytes: what comes out does not depend on how they were cut. Once
/// it throws, it throws the same again, for nothing after that can be understood.
///
/// A client that polls sends the same head again and again. What its bytes mean is then known.
package struct HTTP1Parser: Sendable {
    private enum State {
        case head
        /// So much of a body of stated length is still to come.
        case content(Int64)
        case chunkStart
        case chunkData(Int64)
        case chunkEnd
        case trailers
        case end
    }

    // Fixed:
    private let limits: MessageLimits
    private let secure: Bool

    // Of this request:
    private var state = State.head
    private var requestLine: RequestLine?
    private var framing = MessageFraming()
    private var section = FieldSection()
    private var emptyLines = 0
    private var extensionBytes = 0

    // Of this connection:
    private var scanner = LineScanner()
    private var violation: MessageError?
    private var repetition = HeadRepetition()

    /// Whether the newest head is, byte for byte, the one before it.
    package private(set) var hasRepeatedHead = false

    /// `secure` says whether the connection has TLS, without which no `https` target may be asked for.
    package init(limits: MessageLimits, secure: Bool = false) {
        self.limits = limits
        self.secure = secure
    }

    /// Whether nothing of a request has been consumed; an incomplete head may still lie in the caller's
    /// buffer.
    package var isBetweenRequests: Bool {
        if case .head = state { violation == nil } else { false }
    }

    /// Consumes received bytes from `input[offset...]`; returns the next event, or `nil` when more bytes are
    /// needed. `offset` is advanced past what was consumed.
    package mutating func next(
        _ input: Span<UInt8>, from offset: inout Int
    ) throws(MessageError) -> HTTP1Event? {
        if let violation { throw violation }
        do throws(MessageError) {
            return try advance(input, &offset)
        } catch {
            violation = error
            throw error
        }
    }

    private mutating func advance(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(MessageError) -> HTTP1Event? {
        while true {
            switch state {
            case .head:
                return try readHead(input, &offset)
            case .content(let remaining):
                guard let range = takeData(input, &offset, atMost: remaining) else { return nil }
                let left = remaining - Int64(range.count)
                state = left == 0 ? .end : .content(left)
                return .body(range)
            case .chunkStart:
                guard try readChunkStart(input, &offset) else { return nil }
            case .chunkData(let remaining):
                guard let range = takeData(input, &offset, atMost: remaining) else { return nil }
                let left = remaining - Int64(range.count)
                state = left == 0 ? .chunkEnd : .chunkData(left)
                return .body(range)
            case .chunkEnd:
                guard try readChunkEnd(input, &offset) else { return nil }
            case .trailers:
                guard let trailers = try readSection(input, &offset, limits.trailers) else { return nil }
                return end(trailers)
            case .end:
                return end(HTTPFields())
            }
        }
    }

    private mutating func end(_ trailers: HTTPFields) -> HTTP1Event {
        state = .head
        framing = MessageFraming()
        emptyLines = 0
        extensionBytes = 0
        return .end(trailers: trailers)
    }

    private func takeData(
        _ input: Span<UInt8>, _ offset: inout Int, atMost remaining: Int64
    ) -> Range<Int>? {
        let available = Int64(input.count - offset)
        guard available > 0 else { return nil }
        let start = offset
        offset += Int(min(available, remaining))
        return start..<offset
    }
}

extension HTTP1Parser {
    private mutating func readHead(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(MessageError) -> HTTP1Event? {
        if requestLine == nil {
            if scanner.scanned == 0, let head = repetition.head(in: input, at: &offset) {
                hasRepeatedHead = true
                state = .end
                return .head(head)
            }
            guard try readRequestLine(input, &offset) else { return nil }
        }
        let start = offset
        guard let fields = try readSection(input, &offset, limits.header), let line = requestLine.take()
        else {
            return nil
        }
        let head = try framing.head(line, fields)
        hasRepeatedHead = false
        repetition.note(head, input, start..<offset)
        if let length = head.contentLength {
            state = length == 0 ? .end : .content(length)
        } else {
            state = .chunkStart
        }
        return .head(head)
    }

    private mutating func readRequestLine(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(MessageError) -> Bool {
        // Beside the target a request line holds a method and a version, both short.
        let limit = limits.target + 64
        while true {
            guard let end = try scanner.lineEnd(in: input, from: offset, limit: limit) else {
                guard scanner.scanned >= limit else { return false }
                // RFC 9112 §3: which of the two is too long decides what is answered.
                let isTarget = input.firstIndex(of: .space, in: offset..<offset + limit) != nil
                throw isTarget ? .targetTooLong : .malformed("no method is that long")
            }
            if end > offset {
                let context = RequestLine.Context(targetLimit: limits.target, secure: secure)
                requestLine = try RequestLine(input, offset..<end, context)
                section = FieldSection(start: end + 2 - offset)
                return true
            }
            // RFC 9112 §2.2: an empty line before a request line is to be ignored.
            emptyLines += 1
            guard emptyLines <= limits.emptyLines else { throw .malformed("a request line is missing") }
            offset = end + 2
        }
    }

    /// Reads field lines up to the empty line. They are consumed as a whole, together with what precedes
    /// them.
    private mutating func readSection(
        _ input: Span<UInt8>, _ offset: inout Int, _ limit: Int
    ) throws(MessageError) -> HTTPFields? {
        let start = offset + section.start
        while true {
            let lineStart = start + section.length
            // The CR and the LF count too; the empty line at the end does not.
            let room = max(1, limit - section.length - 1)
            guard let end = try scanner.lineEnd(in: input, from: lineStart, limit: room) else {
                if scanner.scanned >= room { throw .headersTooLarge("the field lines are too large") }
                return nil
            }
            if end == lineStart {
                offset = end + 2
                return HTTPFields(bytes: input.bytes(start..<lineStart), lines: section.takeLines())
            }
            guard section.lines.count < limits.fields else {
                throw .headersTooLarge("there are too many fields")
            }
            let line = try FieldLine(input, lineStart..<end)
            try noteField(input, line)
            section.append(line, from: start, to: end + 2)
        }
    }

    private mutating func noteField(_ input: Span<UInt8>, _ line: FieldLine) throws(MessageError) {
        if case .trailers = state {
            try TrailerRules.check(input, line.name)
        } else {
            try framing.note(input, name: line.name, value: line.value)
        }
    }

    private mutating func readChunkStart(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(MessageError) -> Bool {
        guard let end = try scanner.lineEnd(in: input, from: offset, limit: limits.chunkLine) else {
            if scanner.scanned >= limits.chunkLine {
                throw .malformed("the line that begins a chunk is too long")
            }
            return false
        }
        let size = try ChunkLine.size(input, offset..<end)
        extensionBytes += ChunkLine.extensionLength(input, offset..<end)
        guard extensionBytes <= limits.chunkExtensions else {
            throw .malformed("the chunk extensions are too long")
        }
        offset = end + 2
        state = size == 0 ? .trailers : .chunkData(size)
        section = FieldSection(start: 0)
        return true
    }

    /// RFC 9112 §7.1: the data of a chunk is followed by exactly CRLF.
    private mutating func readChunkEnd(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(MessageError) -> Bool {
        guard offset < input.count else { return false }
        guard input[offset] == .carriageReturn else { throw .malformed("a chunk is longer than its size") }
        guard offset + 1 < input.count else { return false }
        guard input[offset + 1] == .lineFeed else { throw .malformed("a chunk must end in CRLF") }
        offset += 2
        state = .chunkStart
        return true
    }
}
