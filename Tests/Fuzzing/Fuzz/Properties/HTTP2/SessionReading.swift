import HTTPWire
import TestSupport

@testable import HTTP2Wire

/// Feeds a session as a connection does, responds, and checks the invariants of the events.
final class SessionReading {
    /// The state of a request.
    struct Request: Equatable {
        enum State { case open, refused, complete, closed }

        var state = State.open
        var hasResponse = false
        var length: Int64?
        var content: [UInt8] = []
    }

    private let session: HTTP2Session
    private let choices: ServerChoices
    private let limits: HTTP2Limits
    private var now: UInt64 = 1_000_000_000
    private var requests: [Int32: Request] = [:]
    private var last: Int32 = 0
    /// Streams that the server reset: their remaining content is dropped.
    private var surplus: Set<Int32> = []
    /// Streams answered while the events of a piece are handled: further events of that piece are older.
    private var justResponded: Set<Int32> = []

    /// The events, without content and closed streams.
    private(set) var steps: [HTTP2Event] = []
    /// The bytes that were sent before `finish`.
    private(set) var sent: [UInt8] = []
    private var out: [UInt8] = []

    init(_ choices: ServerChoices) {
        self.choices = choices
        var message = MessageLimits()
        let isSmall = choices.contains(.small)
        if isSmall { message = MessageLimits(header: 200, target: 60, trailers: 60) }
        var limits = HTTP2Limits(message: message, bodyTimeout: 30_000_000_000)
        if isSmall { limits.streamsMax = 3 }
        if choices.contains(.narrow) { limits.streamWindow = 64 }
        self.limits = limits
        session = HTTP2Session(limits: limits, secure: isSmall)
        if choices.contains(.ending) { session.announceShutdown() }
    }

    /// The content of complete requests.
    var complete: [Int32: [UInt8]] {
        requests.filter { $0.value.state == .complete }.mapValues(\.content)
    }

    /// Whether a stream was reset, or the connection was over, before `finish`.
    private(set) var isBroken = false

    func receive(_ piece: [UInt8]) throws(PropertyError) {
        let isFinished = session.isFinished
        let events = session.receive(piece, piece.count, at: now)
        try require(!isFinished || events.isEmpty, "an event after the end")
        try require(session.terminationCode == nil || events.isEmpty, "an event after a connection error")
        justResponded = []
        var offset = 0
        for event in events { try take(event, piece, &offset) }
        session.recycle(events)
        try require(session.streamCount <= limits.streamsMax, "\(session.streamCount) streams at once")
    }

    func send() throws(PropertyError) {
        flush()
        if session.terminationCode != nil {
            try require(session.isFinished, "the session continues after a connection error")
        }
    }

    private func take(_ event: HTTP2Event, _ piece: [UInt8], _ offset: inout Int) throws(PropertyError) {
        switch event {
        case .head(let id, let head, let isComplete):
            try begin(id)
            requests[id]?.length = head.contentLength
            if isComplete { try complete(id) } else { begun(id, head) }
        case .rejected(let id, let violation, let isHEAD):
            if requests[id] == nil { try begin(id) }
            try require(requests[id]?.state == .open, "a request is rejected after its end")
            let known = [400, 414, 417, 421, 431, 501].contains(violation.status)
            try require(known && !violation.message.isEmpty, "rejected with \(violation.status)")
            requests[id]?.state = .refused
            response(id, violation.status, isHEAD ? 0 : 9, stops: true)
        case .body(let id, let range):
            try require(offset <= range.lowerBound && range.upperBound <= piece.count, "content twice")
            offset = range.upperBound
            try require(requests[id]?.state == .open, "content without a request")
            collect(id, piece[range])
            return
        case .end(let id, _): try complete(id)
        case .closed(let id, _):
            // Reported together with the next event, if there is one.
            try close(id)
            return
        case .goAwayAcknowledged: if choices.contains(.ending) { session.sendGoAway() }
        }
        steps.append(event)
    }

    private func begin(_ id: Int32) throws(PropertyError) {
        try require(id > last && id % 2 == 1, "the stream \(id) after \(last)")
        last = id
        requests[id] = Request()
    }

    private func begun(_ id: Int32, _ head: RequestHead) {
        if head.expectsContinue { session.sendContinue(id) }
        if choices.contains(.early) { response(id, 413, 300, stops: true) }
    }

    private func collect(_ id: Int32, _ bytes: ArraySlice<UInt8>) {
        requests[id]?.content += bytes
        guard !surplus.contains(id) else { return session.discardBytes(bytes.count, of: id) }
        if let refused = session.consume(bytes.count, of: id) { surplus.insert(refused) }
    }

    private func complete(_ id: Int32) throws(PropertyError) {
        guard !justResponded.contains(id) else { return }
        guard let request = requests[id], request.state == .open, !request.hasResponse else {
            throw PropertyError("a request ends that is not open")
        }
        let count = Int64(request.content.count)
        try require(request.length ?? count == count, "the content is not as long as stated")
        requests[id]?.state = .complete
        session.releaseBody(id)
        if !choices.contains(.silent) { response(id, 200, 700, stops: false) }
    }

    private func close(_ id: Int32) throws(PropertyError) {
        guard !justResponded.contains(id) else { return }
        // The stream may be closed before its head was decoded.
        if requests[id] == nil { try begin(id) }
        guard let request = requests[id], request.state != .closed, !request.hasResponse else {
            throw PropertyError("a stream is closed that is not open")
        }
        requests[id]?.state = .closed
        session.releaseBody(id)
    }

    private func response(_ id: Int32, _ status: Int, _ length: Int, stops: Bool) {
        requests[id]?.hasResponse = true
        justResponded.insert(id)
        session.releaseBody(id)
        var head = ResponseHead(
            status: status, fields: HTTPFields(), framing: .length(Int64(length)), date: IMFDate.bytes(0))
        head.requestID = "r\(id)"
        var options = HTTP2ResponseOptions()
        options.discardsRequestBody = stops
        options.isTruncated = choices.contains(.cut)
        let count = options.isTruncated ? length / 2 : length
        let isRead = choices.contains(.reads)
        session.respond(
            id, head, isRead ? .read(Source(count)) : .bytes([UInt8](repeating: 0x61, count: count)), options)
    }

    private func flush() {
        var piece: [UInt8] = []
        repeat {
            piece.removeAll()
            session.send(into: &piece, upTo: 500, at: now)
            out += piece
        } while !piece.isEmpty
    }

    /// Advances the time past every deadline, terminates the session, and returns all sent bytes.
    func finish() throws(PropertyError) -> [UInt8] {
        sent = out
        isBroken = session.isFinished || HTTP2Frame.parse(sent).contains { $0.type == 3 }
        now += 3_600_000_000_000
        for (id, request) in requests where request.state == .complete && !request.hasResponse {
            response(id, 200, 700, stops: false)
        }
        flush()
        now += 3_600_000_000_000
        let (late, next) = session.overdue(at: now)
        try require(next > now, "an expired deadline is due again")
        for stream in late { session.resetStalled(stream.id) }
        flush()
        session.terminate(.none)
        flush()
        try require(session.isFinished, "the session does not end")
        let isEmpty = session.streamCount == 0 && session.bufferedContentBytes == 0
        try require(isEmpty, "streams or content are left")
        let count = out.count
        let ping = HTTP2Frame.ping().bytes
        let events = session.receive(ping, ping.count, at: now)
        flush()
        try require(events.isEmpty && out.count == count, "activity after the end")
        return out
    }
}

/// Content that is produced when it is read.
private final class Source: OutgoingContent {
    private(set) var remaining: Int

    init(_ count: Int) { remaining = count }

    func read(_ count: Int, into out: inout [UInt8]) -> Bool {
        guard count <= remaining else { return false }
        remaining -= count
        out.append(contentsOf: repeatElement(0x62, count: count))
        return true
    }
}
