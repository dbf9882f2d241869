internal import CrashPoints
internal import HTTP2Wire
internal import HTTPWire
internal import TLS
internal import Transport

/// A client's HTTP/1.1 connection: requests one after the other, responses in their order.
///
/// While a handler works or output is blocked, further requests wait in the kernel's buffer, and at most the
/// bytes of one read in ours.
final class HTTP1Connection: ServedConnection {
    enum Phase: Equatable {
        /// Between requests, or within a head.
        case head
        case body
        /// The handler has the request.
        case responding
        /// The body of a response is being streamed; nothing is read meanwhile.
        case streaming
        /// No more requests are read; the connection closes when its output is sent.
        case closing
        /// Our side is closed; input is dropped for a while.
        case lingering
        case closed
    }

    /// The event that is awaited, each with its own time limit.
    enum Wait: Equatable {
        case firstByte, head, body, response, sending, lingering
    }

    // Fixed:
    let server: ServerLoop
    let isAdmitted: Bool
    let io: ConnectionIO

    // Time:
    var wait = Wait.firstByte
    /// When the output that waits must have been taken, on the reactor's clock in nanoseconds.
    var sendingDeadline: UInt64 = 0

    // Input that is not consumed: `input[inputStart...]`.
    private var parser: HTTP1Parser
    private var input: [UInt8] = []
    private var inputStart = 0
    private(set) var holdsInput = false
    private var needsMoreInput = true
    /// Whether the first bytes may be HTTP/2: in the clear a client may start with it by prior knowledge.
    private var mayBeHTTP2: Bool

    // The request under way:
    var phase = Phase.head
    var incoming: IncomingRequest?
    var exchange = Exchange(requestID: "", isHEAD: false, keepsAlive: true)
    var task: Task<Void, Never>?

    // Output:
    var streaming: HTTP1Streaming?
    /// Whether the streamed body has more to send in a later turn.
    var streamsMore = false
    /// Responses that are not sent yet and that a middleware observes.
    var observed = ObservedResponses()
    /// Whether the client may still be sending when the connection closes.
    var lingers = false
    /// Whether the connection is to be reset once the queue is empty.
    var isTruncated = false

    init(_ io: ConnectionIO, _ server: ServerLoop, isAdmitted: Bool) {
        self.io = io
        mayBeHTTP2 = !io.isSecure
        self.server = server
        self.isAdmitted = isAdmitted
        parser = HTTP1Parser(limits: server.wireLimits, secure: io.isSecure)
    }

    /// Whether output waits for the kernel to take it.
    var isBlocked: Bool { io.isBlocked }

    /// Whether a client that closes its side has left.
    private var endsWithClient: Bool {
        phase == .streaming || phase == .responding && exchange.endsWithClient
    }

    /// Starts to read; false if the kernel refuses.
    func start() -> Bool {
        guard io.start(for: self) else { return false }
        // A client that was accepted just before draining began is expected to send its request now.
        io.setDeadline(afterNanoseconds: server.isDraining ? server.times.header : server.times.idle)
        io.reportHeldInput()
        return true
    }

    /// Responds 503 before anything is read, and closes.
    func rejectOverLimit() {
        refuse(.tooManyConnections)
        proceed()
    }

    /// Responds 400 to a client that sends plain HTTP to a TLS port, and closes.
    func rejectPlaintext() {
        refuse(.tlsRequired)
        proceed()
    }

    /// Closes a connection that waits for its next request, unless that has arrived in this moment.
    func closeIfIdle() {
        guard wait == .firstByte else { return }
        isReady(for: .read)
        if wait == .firstByte { close() }
    }

    /// Closes the connection now. The handler is cancelled, and its response ignored.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        task?.cancel()
        task = nil
        incoming = nil
        streaming?.body.cancel()
        streaming = nil
        abortExchanges()
        io.close()
        input = []
        holdsInput = false
        server.forget(self)
    }

    func isReady(for readiness: Readiness) {
        // Error or hang-up: no response can reach this client. One that ends its side while a body is
        // streamed to it, or while it waits, has left, too.
        if !readiness.isDisjoint(with: .broken) || endsWithClient && readiness.contains(.peerEnd) {
            io.clientHasLeft = true
            return close()
        }
        if readiness.contains(.read) || io.interestToRead == .write { receive() }
        proceed()
    }

    private func receive() {
        switch phase {
        case .head, .body: if isBlocked { io.change(to: .write) } else { read() }
        // Further input waits in the kernel.
        case .responding: io.change(to: [])
        case .closing: io.change(to: .write)
        case .lingering: dropReceived()
        case .streaming, .closed: break
        }
    }

    private func read() {
        switch io.read(into: &server.received) {
        case .moved(let count): take(count)
        case .blocked: break
        case .ended: io.peerHasEnded = true
        case nil: close()
        }
    }

    private func dropReceived() {
        switch io.read(into: &server.received) {
        case .moved: io.recordDropped()
        case .blocked: break
        case .ended, nil: close()
        }
    }

    func deadlineExpired() {
        switch wait {
        case .head: refuse(.timeout("the request's head did not come in time"))
        case .body: refuse(.timeout("the request's body did not come in time"))
        case .sending:
            // After a plain close the kernel would keep the output that the client does not take.
            io.resetOnClose()
            return close()
        case .firstByte, .response, .lingering: return close()
        }
        proceed()
    }
}

@available(*, unavailable)
extension HTTP1Connection: Sendable {}  // Belongs to one event loop.

// From bytes to events.
extension HTTP1Connection {
    private func take(_ count: Int) {
        reached(.requestBegun)
        if !holdsInput {
            if mayBeHTTP2, isHTTP2(server.received, count) { return }
            let used = parse(server.received, 0..<count)
            if used == count || phase == .closed { return }
            input = Array(server.received[used..<count])
            holdsInput = true
        } else {
            input.removeFirst(inputStart)
            inputStart = 0
            input.append(contentsOf: server.received[..<count])
            if mayBeHTTP2, isHTTP2(input, input.count) { return }
            takeInput()
        }
    }

    /// Whether the first bytes are the preface of HTTP/2 (RFC 9113 §3.4), or a prefix of it: they are then
    /// handed over, or held.
    private func isHTTP2(_ bytes: [UInt8], _ count: Int) -> Bool {
        let preface = HTTP2Session.preface
        let common = min(count, preface.count)
        mayBeHTTP2 = bytes[..<common].elementsEqual(preface[..<common])
        guard mayBeHTTP2 else { return false }
        if count >= preface.count {
            handOver(Array(bytes[..<count]))
        } else if !holdsInput {
            input = Array(bytes[..<count])
            holdsInput = true
            needsMoreInput = true
        }
        return true
    }

    /// Replaces this connection by one for HTTP/2.
    private func handOver(_ bytes: [UInt8]) {
        phase = .closed
        input = []
        holdsInput = false
        let successor = HTTP2Connection(io, server, isAdmitted: isAdmitted)
        server.replace(self, by: successor)
        if successor.start() { successor.begin(with: bytes) } else { successor.close() }
    }

    func takeInput() {
        inputStart = parse(input, inputStart..<input.count)
        holdsInput = inputStart < input.count
        if !holdsInput {
            input = []
            inputStart = 0
        }
    }

    /// Parses bytes as far as requests may be handled now; returns the offset where it stopped.
    private func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        let span = bytes.span.extracting(..<range.upperBound)
        var offset = range.lowerBound
        needsMoreInput = false
        do throws(MessageError) {
            while phase == .head || phase == .body, !isBlocked {
                // Nothing is left, and between requests nothing can follow from that.
                if offset == range.upperBound, phase == .head { break }
                switch try parser.next(span, from: &offset) {
                case .head(let head): begin(head)
                case .body(let range): collect(bytes[range])
                case .end(let trailers): end(trailers)
                case nil:
                    needsMoreInput = true
                    return offset
                }
            }
        } catch {
            refuse(HTTPError(status: error.status, code: error.code, message: error.message))
        }
        return offset
    }

    var hasUntakenInput: Bool {
        !needsMoreInput && holdsInput && (phase == .head || phase == .body)
    }
}
