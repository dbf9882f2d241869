internal import CrashPoints
internal import HTTP2Wire
internal import HTTPWire
internal import TLS
internal import Transport

/// A client's HTTP/2 connection: concurrent requests, each on its stream.
///
/// Does not read while output is blocked, and accepts no more body bytes than may be held. The session
/// decides about frames, the connection about bytes and time.
final class HTTP2Connection: ServedConnection {
    enum Phase: Equatable {
        case open
        /// Our side is closed; input is dropped for a while.
        case lingering
        case closed
    }

    // Fixed:
    let server: ServerLoop
    let isAdmitted: Bool
    let io: ConnectionIO
    let session: HTTP2Session

    var phase = Phase.open
    private var lingerBytes = 0

    // Requests without a response:
    var exchanges: [Int32: HTTP2Exchange] = [:]
    /// The bodies that are being streamed.
    var bodies: [Int32: StreamedBody] = [:]
    /// Whether streams were resumed, and are sent from later in this turn.
    var isResuming = false
    /// Running handlers, including those of streams that were reset.
    var taskCount = 0
    /// Whether the client was asked for no more requests.
    private(set) var isEnding = false

    // Output:
    /// Responses that are not sent yet and that a middleware observes.
    var observed: [Int32: ObservedStream] = [:]
    /// Whether there is more output for a later turn.
    var hasMore = false

    // Time:
    var times: HTTP2Times

    /// Bytes that are dropped of a client which broke the rules, before the connection is closed on it.
    private static let lingerBytesMax = 1 << 20

    init(_ io: ConnectionIO, _ server: ServerLoop, isAdmitted: Bool) {
        self.io = io
        self.server = server
        self.isAdmitted = isAdmitted
        var limits = HTTP2Limits(message: server.wireLimits, bodyTimeout: server.times.body)
        limits.drainTimeout = server.times.linger
        if !server.bodyBudget.isScarce { limits.streamWindow = server.streamWindow }
        session = HTTP2Session(limits: limits, secure: io.isSecure)
        times = HTTP2Times(server.times, at: server.reactor.now)
    }

    /// Whether output waits for the kernel to take it.
    var isBlocked: Bool { io.isBlocked }

    /// Starts to read; false if the kernel refuses.
    func start() -> Bool {
        guard io.start(for: self) else { return false }
        if server.isDraining { beginEnding() }
        proceed()
        return true
    }

    /// Receives bytes that were read before the protocol was known.
    func begin(with bytes: [UInt8]) {
        take(bytes, bytes.count)
        proceed()
    }

    /// Asks the client for no more requests. The connection ends when the received ones have a response.
    func beginDraining() {
        guard phase == .open, !isEnding else { return }
        beginEnding()
        for body in bodies.values { body.source.beginDraining() }
        proceed()
    }

    /// Does nothing: the connection has been ending since draining began.
    func closeIfIdle() {}

    private func beginEnding() {
        isEnding = true
        session.announceShutdown()
        times.endingSince = server.reactor.now
    }

    /// Closes the connection now. Handlers are cancelled, and their responses ignored.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        abandonExchanges(as: io.completionOnClose)
        reportUnsentResponses()
        io.close()
        server.forget(self)
    }

    func isReady(for readiness: Readiness) {
        // Error or hang-up: no response can reach this client.
        if !readiness.isDisjoint(with: .broken) {
            io.clientHasLeft = true
            return close()
        }
        let reads = readiness.contains(.read) || io.interestToRead == .write
        if reads, !isBlocked { read() }
        proceed()
    }

    private func read() {
        switch io.read(into: &server.received) {
        case .moved(let count): take(server.received, count)
        case .blocked: break
        case .ended:
            io.peerHasEnded = true
            if phase == .lingering { close() }
        case nil: close()
        }
    }

    private func take(_ bytes: [UInt8], _ count: Int) {
        guard phase == .open else {
            io.recordDropped()
            lingerBytes += count
            if lingerBytes > Self.lingerBytesMax, session.hasConnectionError { close() }
            return
        }
        reached(.requestBegun)
        let events = session.receive(bytes, count, at: server.reactor.now)
        for event in events { take(event, in: bytes) }
        session.recycle(events)
        if session.terminationCode != nil { abandonExchanges(as: .aborted) }
    }

    /// Cancels the requests without a response.
    func abandonExchanges(as completion: ExchangeOutcome.Completion) {
        for exchange in exchanges.values { exchange.abandon(as: completion) }
        exchanges = [:]
        cancelBodies()
    }

    /// Sends output, and waits for the next event.
    func proceed() {
        flush()
        cancelClosedBodies()
        guard phase != .closed else { return server.clearOutput() }
        // The reset that was sent may have exceeded the limit of resets.
        if session.terminationCode != nil, !(exchanges.isEmpty && bodies.isEmpty) {
            abandonExchanges(as: .aborted)
        }
        if !isBlocked { reportEndedResponses() }
        if !isBlocked, !hasMore { endIfDone() }
        guard phase != .closed else { return }
        setDeadline()
        io.change(to: nextInterest)
        io.reportHeldInput()
    }

    private func endIfDone() {
        guard phase == .open else { return }
        if session.isFinished {
            // Closing while the client sends would reset the connection, and lose what was sent last.
            if io.peerHasEnded { return close() }
            io.beginLinger()
            phase = .lingering
        } else if io.peerHasEnded, !session.hasPendingRequests || endsWithClient {
            io.clientHasLeft = true
            close()
        }
    }

    /// Whether all that is left to send belongs to requests that wait, and to bodies without end.
    private var endsWithClient: Bool {
        exchanges.count + bodies.count == session.streamCount
            && exchanges.values.allSatisfy(\.endsWithClient)
            && bodies.values.allSatisfy(\.source.isEvictable)
    }

    private var nextInterest: Interest {
        if isBlocked { return .write }
        var interest = io.peerHasEnded ? [] : io.interestToRead
        if hasMore { interest.insert(.write) }
        return interest
    }

    private func setDeadline() {
        if io.takeProgress() { times.recordSent() }
        if let linger = io.linger {
            return io.setDeadline(at: linger.end(silence: server.times.linger, total: server.times.body))
        }
        times.update(session, isBlocked: isBlocked, at: server.reactor.now)
        io.setDeadline(at: times.due)
    }
}

@available(*, unavailable)
extension HTTP2Connection: Sendable {}  // Belongs to one event loop.
