/// A parser for the HTTP/1.1 requests of one connection (RFC 9112): bytes in, events out. Performs no I/O and
/// keeps no input.
///
/// Call `next` until it returns `nil`, then drop the input before `offset`, append new input, and call again.
/// An incomplete element (a head, the first line of a chunk, a trailer section) stays unconsumed, within the
/// limits; the parser remembers how far it searched and looks at no byte twice. So the bytes from `offset`
/// must be the same at the next call, though they may have moved.
///
/// Parsing is strict, and independent of how the bytes are split. After an error every call throws the same
/// error, because nothing that follows can be understood.
///
/// Clients that poll send the same head repeatedly; its parsed form is reused.
package struct HTTP1Parser: Sendable {
    private enum State {
        case head
        /// Bytes left of a body of known length.
        case content(Int64)
        case chunkStart
        case chunkData(Int64)
        case chunkEnd
        case trailers
        case end
    }

    // Immutable.
    private let limits: MessageLimits
    private let secure: Bool

    // Per request.
    private var state = State.head
    private var requestLine: RequestLine?
    private var framing = MessageFraming()
    private var section = FieldSection()
    private var emptyLines = 0
    private var extensionBytes = 0

    // Per connection.
    private var scanner = LineScanner()
    private var storedError: MessageError?
    private var repetition = HeadRepetition()

    /// Whether the latest head is identical to the previous one.
    package private(set) var hasRepeatedHead = false

    /// `secure`: whether the connection uses TLS, which an `https` target requires.
    package init(limits: MessageLimits, secure: Bool = false) {
        self.limits = limits
        self.secure = secure
    }

    /// Whether no byte of a request has been consumed; an incomplete head may still be in the caller's
    /// buffer.
    package var isBetweenRequests: Bool {
        if case .head = state { storedError == nil } else { false }
    }

    /// Parses bytes from `input[offset...]`. Returns the next event, or `nil` if more bytes are needed, and
    /// advances `offset` past the consumed bytes.
    package mutating func next(
        _ input: Span<UInt8>, from offset: inout Int
    ) throws(MessageError) -> HTTP1Event? {
        if let storedError { throw storedError }
        do throws(MessageError) {
            return try advance(input, &offset)
        } catch {
            storedError = error
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
                guard let range = readData(input, &offset, atMost: remaining) else { return nil }
                let left = remaining - Int64(range.count)
                state = left == 0 ? .end : .content(left)
                return .body(range)
            case .chunkStart:
                guard try readChunkStart(input, &offset) else { return nil }
            case .chunkData(let remaining):
                guard let range = readData(input, &offset, atMost: remaining) else { return nil }
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

    private func readData(
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
        repetition.remember(head, input, start..<offset)
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
        // Method and version take at most 64 bytes more.
        let limit = limits.target + 64
        while true {
            guard let end = try scanner.lineEnd(in: input, from: offset, limit: limit) else {
                guard scanner.scanned >= limit else { return false }
                // RFC 9112 §3: the status depends on which of the two is too long.
                let isTarget = input.firstIndex(of: .space, in: offset..<offset + limit) != nil
                throw isTarget ? .targetTooLong : .malformed("the method is too long")
            }
            if end > offset {
                let context = RequestLine.Context(targetLimit: limits.target, secure: secure)
                requestLine = try RequestLine(input, offset..<end, context)
                section = FieldSection(start: end + 2 - offset)
                return true
            }
            // RFC 9112 §2.2: ignore an empty line before the request line.
            emptyLines += 1
            guard emptyLines <= limits.emptyLines else { throw .malformed("a request line is missing") }
            offset = end + 2
        }
    }

    /// Parses field lines up to the empty line, and consumes them together with what precedes them.
    private mutating func readSection(
        _ input: Span<UInt8>, _ offset: inout Int, _ limit: Int
    ) throws(MessageError) -> HTTPFields? {
        let start = offset + section.start
        while true {
            let lineStart = start + section.length
            // The limit includes CR and LF, but not the final empty line.
            let room = max(1, limit - section.length - 1)
            guard let end = try scanner.lineEnd(in: input, from: lineStart, limit: room) else {
                if scanner.scanned >= room { throw .headersTooLarge("the header fields are too large") }
                return nil
            }
            if end == lineStart {
                offset = end + 2
                return HTTPFields(bytes: input.bytes(start..<lineStart), lines: section.removeLines())
            }
            guard section.lines.count < limits.fields else {
                throw .headersTooLarge("there are too many header fields")
            }
            let line = try FieldLine(input, lineStart..<end)
            try processField(input, line)
            section.append(line, from: start, to: end + 2)
        }
    }

    private mutating func processField(_ input: Span<UInt8>, _ line: FieldLine) throws(MessageError) {
        if case .trailers = state {
            try TrailerRules.check(input, line.name)
        } else {
            try framing.process(input, name: line.name, value: line.value)
        }
    }

    private mutating func readChunkStart(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(MessageError) -> Bool {
        guard let end = try scanner.lineEnd(in: input, from: offset, limit: limits.chunkLine) else {
            if scanner.scanned >= limits.chunkLine {
                throw .malformed("the first line of a chunk is too long")
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

    /// RFC 9112 §7.1: exactly CRLF follows the data of a chunk.
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
