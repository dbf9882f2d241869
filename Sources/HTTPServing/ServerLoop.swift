internal import HTTPWire
internal import TLS
internal import Transport

/// The part of a server on one loop: listeners, connections, and the buffers that they share.
final class ServerLoop {
    /// The configuration that all loops share.
    struct Setting: Sendable {
        let limits: HTTPLimits
        let handler: any HTTPHandler
        let limiter: ConnectionLimiter
        let bodyBudget: BodyBudget
    }

    // Immutable:
    let loop: EventLoop
    let reactor: Reactor
    let handler: any HTTPHandler
    let bodyBudget: BodyBudget
    /// The initial HTTP/2 window: a body within the limit needs no further one.
    private(set) var streamWindow: Int
    private(set) var times: Times
    private(set) var wireLimits: MessageLimits
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
    private var idleEviction = IdleEviction()
    private var rejectedCount = 0
    private var isEvictingBodies = false
    private var onDrained: (() -> Void)?
    private var drainTimers: [TimerID] = []
    private var dates = DateCache()
    private var ids = RequestIDs()

    /// Connections over the limit that are sent a 503 at the same time; further ones are closed at once.
    private static let rejectedMax = 64
    /// How long a TCP handshake that has begun may take to finish when draining begins.
    private static let handshakeGrace = Duration.milliseconds(3)
    /// Evictions that are tried for one new connection: each candidate may turn out to have a request.
    private static let evictionAttemptsMax = 16
    /// Connections that are evicted in one turn because request bodies use too much memory.
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

    /// Replaces sizes for connections that are opened from now on, and times for all of them.
    func replaceLimits(with limits: HTTPLimits) {
        streamWindow = limits.streamWindow
        times = Times(limits)
        wireLimits = MessageLimits(header: limits.header)
    }

    /// The value of the `Date` field in this turn.
    var date: [UInt8] { dates.bytes(turn: reactor.now) }

    func clearOutput() { output.removeAll(keepingCapacity: true) }

    func nextRequestID() -> String { ids.next() }

    /// Starts to listen and returns the address with its port resolved. `shared`: other loops listen on the
    /// same port.
    func listen(on endpoint: ListenEndpoint, shared: Bool) throws(SystemError) -> SocketAddress {
        // Released with the listener, which the drain closes.
        let onAccept = { (socket: consuming StreamSocket, peer: SocketAddress) -> Void in
            self.accept(socket, from: peer, at: endpoint)
        }
        let listener =
            if let passed = endpoint.passed {
                try Listener(adopting: passed, on: reactor, onAccept: onAccept)
            } else {
                try Listener(
                    at: endpoint.address, on: reactor, shared: shared,
                    mode: endpoint.operatorSocket == nil ? nil : OperatorSocket.mode, onAccept: onAccept)
            }
        listeners.append(listener)
        return listener.address
    }

    private func accept(
        _ socket: consuming StreamSocket, from peer: SocketAddress, at endpoint: ListenEndpoint
    ) {
        var operatorUser: UInt32?
        if let operatorSocket = endpoint.operatorSocket {
            operatorUser = operatorSocket.admitted(socket.peerUser)
            if operatorUser == nil { return }
        }
        let isAdmitted = limiter.enter() || enterByEviction()
        guard let identity = endpoint.identity else {
            return open(
                ConnectionIO(ByteStream(socket), peer, on: reactor, operatorUser: operatorUser),
                isAdmitted: isAdmitted)
        }
        // A handshake only to send a 503 would cost more than the flood that causes it.
        guard isAdmitted else { return }
        let handshake = TLSHandshakeConnection(
            ConnectionIO(identity.accept(socket), peer, on: reactor), self,
            onFailure: endpoint.onFailedHandshake
        )
        if handshake.start() { connections[ObjectIdentifier(handshake)] = handshake } else { limiter.leave() }
    }

    /// Counts a new connection after evicting an idle one; false if none can be evicted.
    private func enterByEviction() -> Bool {
        for _ in 0..<Self.evictionAttemptsMax {
            guard let connection = idleEviction.next(of: connections, at: reactor.now) else { return false }
            connection.evict()
            if limiter.enter() { return true }
        }
        return false
    }

    /// Reserves memory for bytes of a request body; false if the limit is reached.
    func reserveBody(_ count: Int) -> Bool {
        let isReserved = bodyBudget.reserve(count)
        if bodyBudget.isNearlyExhausted, !isEvictingBodies {
            isEvictingBodies = true
            // In a later turn: an evicted connection may respond, and this turn's output belongs to another
            // one.
            reactor.enqueue { self.evictBodies() }
        }
        return isReserved
    }

    /// Evicts the connections whose bodies have been incomplete for the longest time.
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
        if !isAdmitted, rejectedCount >= Self.rejectedMax { return }
        let connection = HTTP1Connection(io, self, isAdmitted: isAdmitted)
        guard connection.start() else {
            if isAdmitted { limiter.leave() }
            return
        }
        connections[ObjectIdentifier(connection)] = connection
        if !isAdmitted {
            rejectedCount += 1
            connection.rejectOverLimit()
        }
    }

    /// Continues with a connection after its TLS handshake, or with a client that sent no TLS.
    func succeed(_ handshake: TLSHandshakeConnection, with io: ConnectionIO) {
        if io.applicationProtocol == "h2" {
            let connection = HTTP2Connection(io, self, isAdmitted: true)
            connections[ObjectIdentifier(handshake)] = nil
            connections[ObjectIdentifier(connection)] = connection
            if !connection.start() { connection.close() }
            return
        }
        let isSecure = io.isSecure
        let connection = HTTP1Connection(io, self, isAdmitted: true)
        guard connection.start() else {
            io.close()
            return forget(handshake)
        }
        connections[ObjectIdentifier(handshake)] = nil
        connections[ObjectIdentifier(connection)] = connection
        if !isSecure { connection.rejectPlaintext() }
    }

    /// Replaces a connection by another one for the same client.
    func replace(_ connection: some ServedConnection, by successor: some ServedConnection) {
        connections[ObjectIdentifier(connection)] = nil
        connections[ObjectIdentifier(successor)] = successor
    }

    /// Removes a connection. Called once by each connection when it closes.
    func forget(_ connection: some ServedConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        if connection.isAdmitted { limiter.leave() } else { rejectedCount -= 1 }
        for listener in listeners { listener.resumeAccepting() }
        if isDraining, connections.isEmpty, listeners.isEmpty { finishDraining() }
    }

    /// Closes the listeners, completes accepted requests within the bound, then closes the remaining
    /// connections.
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
        if bound <= .zero || connections.isEmpty && listeners.isEmpty { return finishDraining() }
        drainTimers = [
            reactor.schedule(after: min(Self.handshakeGrace, bound)) { self.stopListening() },
            reactor.schedule(after: min(drainGrace, bound)) { self.closeIdle() },
            reactor.schedule(after: bound) { self.finishDraining() },
        ]
    }

    private func stopListening() {
        listeners.forEach(Self.close)
        listeners = []
        if connections.isEmpty { finishDraining() }
    }

    /// Accepts the connections that the kernel has completed, which the close would reset, and closes.
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
