internal import CrashPoints
internal import HTTP2Wire
internal import HTTPWire
internal import TLS
internal import Transport

/// One client's HTTP/2 connection: requests beside each other, each on its stream.
///
/// Reads no further while the client does not take what was sent to it; and takes no more of bodies than
/// is allowed to be held. The session decides over frames, this one over bytes and time.
final class HTTP2Connection: ServedConnection {
    enum Phase: Equatable {
        case open
        /// Our side is closed; what still comes is dropped, for a while.
        case lingering
        case closed
    }

    // Fixed:
    let server: ServerLoop
    let isAdmitted: Bool
    let isSecure: Bool
    let certifiedName: String?
    private let peerAddress: SocketAddress
    private(set) lazy var peer: String =
        peerAddress.port == nil ? RequestContext.unixPeer : peerAddress.description
    let session: HTTP2Session

    // The wire:
    var stream: ByteStream?
    private var watch: RegistrationID?
    private var interest = Interest.read
    private var deadline: Deadline?
    var phase = Phase.open
    var peerHasEnded = false
    private var lingerBytes = 0

    // The requests that are not answered:
    var exchanges: [Int32: HTTP2Exchange] = [:]
    /// Handlers at work, those whose client has lost interest included.
    var taskCount = 0
    /// Whether the client was asked for no more requests.
    private(set) var isEnding = false

    // What goes out:
    var queue = OutputQueue() { didSet { isBlocked = !queue.isEmpty } }
    private(set) var isBlocked = false
    /// Whether there is more to send in a later turn.
    var hasMore = false

    // Since when, in nanoseconds:
    var times: HTTP2Times

    /// Bytes that are dropped of a client which broke the rules, before the connection is closed on it.
    private static let lingerBytesMax = 1 << 20

    init(
        _ stream: consuming ByteStream, _ peer: SocketAddress, _ server: ServerLoop, isAdmitted: Bool
    ) {
        isSecure = stream.isSecure
        certifiedName = stream.certifiedName
        self.stream = consume stream
        peerAddress = peer
        self.server = server
        self.isAdmitted = isAdmitted
        var limits = HTTP2Limits(message: server.wireLimits, bodyTime: server.times.body)
        limits.drainTime = server.times.linger
        if !server.bodyBudget.isScarce { limits.window = server.streamWindow }
        session = HTTP2Session(limits: limits, secure: isSecure)
        times = HTTP2Times(server.times, at: server.reactor.now)
    }

    /// Begins to read; whether the kernel let it.
    func start() -> Bool {
        guard let number = stream?.number else { return false }
        do throws(SystemError) {
            // The watch keeps the connection alive, until `close` ends both.
            watch = try server.reactor.watch(number, for: .read) { self.isReady(for: $0) }
        } catch { return false }
        deadline = Deadline(on: server.reactor) { [weak self] in self?.timeIsUp() }
        if server.isDraining { beginEnding() }
        proceed()
        return true
    }

    /// Takes bytes that were read before it was known what they are.
    func begin(with bytes: [UInt8]) {
        take(bytes, bytes.count)
        proceed()
    }

    /// Asks the client for no more requests, and ends when those that came are answered.
    func beginDraining() {
        guard phase == .open, !isEnding else { return }
        beginEnding()
        proceed()
    }

    /// Nothing: it has been ending since draining began.
    func closeIfIdle() {}

    private func beginEnding() {
        isEnding = true
        session.announceEnd()
        times.endingSince = server.reactor.now
    }

    /// Ends it now. What the handlers are still doing is cancelled, and their answers will be ignored.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        for exchange in exchanges.values { exchange.task?.cancel() }
        exchanges = [:]
        deadline?.invalidate()
        if let watch { server.reactor.unwatch(watch) }
        watch = nil
        queue = OutputQueue()
        stream = nil
        server.forget(self)
    }

    private func isReady(for readiness: Readiness) {
        // Error or hang-up: no answer can reach this client.
        if !readiness.isDisjoint(with: .broken) { return close() }
        let reads = readiness.contains(.read) || stream?.interestToRead == .write
        if reads, !isBlocked { read() }
        proceed()
    }

    private func read() {
        switch readOnce() {
        case .moved(let count): take(server.received, count)
        case .blocked: break
        case .ended:
            peerHasEnded = true
            if phase == .lingering { close() }
        case nil: close()
        }
    }

    private func readOnce() -> Progress? {
        do throws(SystemError) {
            return try stream?.read(into: &server.received)
        } catch { return nil }
    }

    private func take(_ bytes: [UInt8], _ count: Int) {
        guard phase == .open else {
            times.noteDropped(at: server.reactor.now)
            lingerBytes += count
            if lingerBytes > Self.lingerBytesMax, session.isViolated { close() }
            return
        }
        reached(.requestBegun)
        let events = session.receive(bytes, count, at: server.reactor.now)
        for event in events { take(event, in: bytes) }
        session.recycle(events)
        if session.endCode != nil { giveUp() }
    }

    /// Lets go of the requests under way: the connection is in no state to have them answered.
    func giveUp() {
        for exchange in exchanges.values { exchange.task?.cancel() }
        exchanges = [:]
    }

    /// Sends what there is to send, and waits for what comes next.
    func proceed() {
        flush()
        guard phase != .closed else { return server.clearOutput() }
        // What was sent may have been one reset too many.
        if session.endCode != nil, !exchanges.isEmpty { giveUp() }
        if !isBlocked, !hasMore { endIfDone() }
        guard phase != .closed else { return }
        setDeadline()
        change(to: nextInterest)
        if interest.contains(.read), stream?.holdsInput == true {
            // No readiness tells of what TLS took from the socket already.
            server.reactor.enqueue { [weak self] in self?.isReady(for: .read) }
        }
    }

    private func endIfDone() {
        guard phase == .open else { return }
        if session.isOver {
            // Closing while the client sends would reset the connection, and lose what was sent last.
            if peerHasEnded { return close() }
            stream?.endSending()
            phase = .lingering
            times.lingeringSince = server.reactor.now
        } else if peerHasEnded, !session.owesAnswers {
            close()
        }
    }

    private var nextInterest: Interest {
        if isBlocked { return .write }
        var interest = peerHasEnded ? [] : stream?.interestToRead ?? .read
        if hasMore { interest.insert(.write) }
        return interest
    }

    private func change(to interest: Interest) {
        guard interest != self.interest, let watch else { return }
        self.interest = interest
        server.reactor.change(watch, to: interest)
    }

    private func setDeadline() {
        let now = server.reactor.now
        times.note(session, isBlocked: isBlocked, isLingering: phase == .lingering, at: now)
        deadline?.set(afterNanoseconds: max(times.due, now) - now)
    }
}

@available(*, unavailable)
extension HTTP2Connection: Sendable {}  // Belongs to one event loop.
