internal import HTTPWire
internal import TLS
internal import Transport

/// What a server has on one loop: listeners, connections, and what they share.
final class ServerLoop {
    /// What is the same on all loops.
    struct Setting: Sendable {
        let limits: HTTPLimits
        let handler: any HTTPHandler
        let limiter: ConnectionLimiter
        let bodyBudget: BodyBudget
    }

    // Fixed:
    let loop: EventLoop
    let reactor: Reactor
    let handler: any HTTPHandler
    let times: Times
    let wireLimits: MessageLimits
    let bodyBudget: BodyBudget
    /// The initial HTTP/2 window: a body within the limit needs no further one.
    let streamWindow: Int
    /// The response bodies that are being streamed, and their wakeups.
    let bodies = StreamedBodies()
    let bodyWakeups: BodyWakeupQueue
    private let limiter: ConnectionLimiter
    private let drainGrace: Duration

    // Shared by the connections, and empty between their turns; so that an idle connection holds no buffer.
    var received = [UInt8](repeating: 0, count: 64 * 1024)
    var output: [UInt8] = []

    private(set) var isDraining = false
    private var listeners: [Listener] = []
    private var connections: [ObjectIdentifier: any ServedConnection] = [:]
    private var spares = IdleEviction()
    private var refusedCount = 0
    private var isEvictingBodies = false
    private var onDrained: (() -> Void)?
    private var drainTimers: [TimerID] = []
    private var dates = DateCache()
    private var ids = RequestIDs()

    /// Connections over the limit that are told so at the same time; more are closed without a word.
    private static let refusedMax = 64
    /// How long a handshake that has begun may go on when draining begins: on this machine and next to it.
    private static let handshakeGrace = Duration.milliseconds(3)
    /// Connections that are asked to make room for one, each of which may turn out to have a request.
    private static let evictionAttemptsMax = 16
    /// Connections that are evicted in one turn because too much is held of request bodies.
    private static let bodyEvictionsMax = 16

    init(_ loop: EventLoop, _ reactor: Reactor, _ setting: Setting) {
        self.loop = loop
        self.reactor = reactor
        handler = setting.handler
        limiter = setting.limiter
        bodyWakeups = BodyWakeupQueue(bodies, on: loop)
        bodyBudget = setting.bodyBudget
        streamWindow = setting.limits.streamWindow
        drainGrace = setting.limits.drainGrace
        times = Times(setting.limits)
        wireLimits = MessageLimits(header: setting.limits.header)
        output.reserveCapacity(64 * 1024)
    }

    /// The field `Date` as of this turn.
    var date: [UInt8] { dates.bytes(turn: reactor.now) }

    func clearOutput() { output.removeAll(keepingCapacity: true) }

    func nextRequestID() -> String { ids.next() }

    /// Listens, and returns where: the port is resolved. `shared`: other loops have the port too.
    func listen(in place: ListenEndpoint, shared: Bool) throws(SystemError) -> SocketAddress {
        let onAccept = { [weak self] (socket: consuming StreamSocket, peer: SocketAddress) -> Void in
            self?.accept(socket, from: peer, at: place)
        }
        let listener =
            if let passed = place.passed {
                try Listener(adopting: passed, on: reactor, onAccept: onAccept)
            } else {
                try Listener(at: place.address, on: reactor, shared: shared, onAccept: onAccept)
            }
        listeners.append(listener)
        return listener.address
    }

    private func accept(
        _ socket: consuming StreamSocket, from peer: SocketAddress, at place: ListenEndpoint
    ) {
        let isAdmitted = limiter.enter() || enterByMakingRoom()
        guard let identity = place.identity else {
            return open(
                ConnectionIO(ByteStream(socket), peer, on: reactor), isAdmitted: isAdmitted)
        }
        // A handshake only to say no would be a gift to those who flood us.
        guard isAdmitted else { return }
        let greeting = TLSHandshakeConnection(
            ConnectionIO(identity.accept(socket), peer, on: reactor), self, onFailure: place.onFailedHandshake
        )
        if greeting.start() { connections[ObjectIdentifier(greeting)] = greeting } else { limiter.leave() }
    }

    /// Counts one more in, in the place of one that only waits for its client, if there is one.
    private func enterByMakingRoom() -> Bool {
        for _ in 0..<Self.evictionAttemptsMax {
            guard let connection = spares.next(of: connections, at: reactor.now) else { return false }
            connection.evict()
            if limiter.enter() { return true }
        }
        return false
    }

    /// Accounts for bytes of a request body that are to be held; false if they must not be.
    func reserveBody(_ count: Int) -> Bool {
        let isReserved = bodyBudget.reserve(count)
        if bodyBudget.isNearlyExhausted, !isEvictingBodies {
            isEvictingBodies = true
            // In a later turn: what is evicted may answer, and this turn's output belongs to another.
            reactor.enqueue { [weak self] in self?.evictBodies() }
        }
        return isReserved
    }

    /// Ends the connections that have sent an incomplete body for the longest time.
    private func evictBodies() {
        isEvictingBodies = false
        let ranked = connections.values
            .compactMap { connection in connection.evictionPriority.map { (connection, $0) } }
            .filter { $0.1.cost == .body }.sorted { $0.1 < $1.1 }
        for (connection, _) in ranked.prefix(Self.bodyEvictionsMax) where bodyBudget.isNearlyExhausted {
            connection.evict()
        }
    }

    private func open(_ io: ConnectionIO, isAdmitted: Bool) {
        if !isAdmitted, refusedCount >= Self.refusedMax { return }
        let connection = HTTP1Connection(io, self, isAdmitted: isAdmitted)
        guard connection.start() else {
            if isAdmitted { limiter.leave() }
            return
        }
        connections[ObjectIdentifier(connection)] = connection
        if !isAdmitted {
            refusedCount += 1
            connection.rejectOverLimit()
        }
    }

    /// Goes on with a connection whose handshake is done, or in the clear with one who wants no TLS.
    func succeed(_ greeting: TLSHandshakeConnection, with io: ConnectionIO) {
        if io.applicationProtocol == "h2" {
            let connection = HTTP2Connection(io, self, isAdmitted: true)
            connections[ObjectIdentifier(greeting)] = nil
            connections[ObjectIdentifier(connection)] = connection
            if !connection.start() { connection.close() }
            return
        }
        let isSecure = io.isSecure
        let connection = HTTP1Connection(io, self, isAdmitted: true)
        guard connection.start() else {
            io.close()
            return forget(greeting)
        }
        connections[ObjectIdentifier(greeting)] = nil
        connections[ObjectIdentifier(connection)] = connection
        if !isSecure { connection.rejectPlaintext() }
    }

    /// Puts one connection in the place of another, for the same client.
    func replace(_ connection: some ServedConnection, by successor: some ServedConnection) {
        connections[ObjectIdentifier(connection)] = nil
        connections[ObjectIdentifier(successor)] = successor
    }

    /// Called once by each connection as it goes.
    func forget(_ connection: some ServedConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        if connection.isAdmitted { limiter.leave() } else { refusedCount -= 1 }
        for listener in listeners { listener.resumeAccepting() }
        if isDraining, connections.isEmpty, listeners.isEmpty { finishDraining() }
    }

    /// Closes the listeners, lets everybody who was let in have an answer within the bound, then closes what
    /// remains.
    func drain(within bound: Duration, then onDrained: @escaping () -> Void) {
        if isDraining { finishDraining() }
        isDraining = true
        self.onDrained = onDrained
        listeners = listeners.filter { listener in
            if listener.dropNewHandshakes() { return true }
            Self.close(listener)
            return false
        }
        for connection in Array(connections.values) { connection.beginDraining() }
        if connections.isEmpty, listeners.isEmpty { return finishDraining() }
        drainTimers = [
            reactor.schedule(after: min(Self.handshakeGrace, bound)) { [weak self] in self?.stopListening() },
            reactor.schedule(after: min(drainGrace, bound)) { [weak self] in self?.closeIdle() },
            reactor.schedule(after: bound) { [weak self] in self?.finishDraining() },
        ]
    }

    private func stopListening() {
        listeners.forEach(Self.close)
        listeners = []
        if connections.isEmpty { finishDraining() }
    }

    /// Whom the kernel let in for us would be reset by the close.
    private static func close(_ listener: Listener) {
        listener.acceptPending()
        listener.close()
    }

    private func closeIdle() {
        for connection in Array(connections.values) { connection.closeIfIdle() }
    }

    private func finishDraining() {
        guard let onDrained else { return }
        self.onDrained = nil
        for timer in drainTimers { reactor.cancel(timer) }
        drainTimers = []
        listeners.forEach(Self.close)
        listeners = []
        for connection in Array(connections.values) { connection.close() }
        onDrained()
    }
}

@available(*, unavailable)
extension ServerLoop: Sendable {}  // Belongs to one event loop.

/// The field `Date`, made once a second.
private struct DateCache {
    private var turn: UInt64 = 0
    private var second: Int64 = -1
    private var cached: [UInt8] = []

    mutating func bytes(turn: UInt64) -> [UInt8] {
        if turn == self.turn { return cached }
        self.turn = turn
        let second = SystemTime.wallMilliseconds / 1000
        if second != self.second {
            self.second = second
            cached = IMFDate.bytes(second)
        }
        return cached
    }
}

/// Request ids that differ between loops and processes. With 15 bytes they fit into a `String` without an
/// allocation.
private struct RequestIDs {
    /// `req-`, five random digits, six that count.
    private var text = Array("req-".utf8)

    init() {
        for byte in Entropy.bytes(5) { text.append(Self.digits[Int(byte) % Self.digits.count]) }
        text += Array("000000".utf8)
    }

    mutating func next() -> String {
        var position = text.count - 1
        while !count(up: &text[position]) { position = max(9, position - 1) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Counts one digit up; false if that carries.
    private func count(up digit: inout UInt8) -> Bool {
        switch digit {
        case UInt8(ascii: "z"):
            digit = UInt8(ascii: "0")
            return false
        case UInt8(ascii: "9"): digit = UInt8(ascii: "a")
        default: digit += 1
        }
        return true
    }

    private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
}
