internal import TLS
internal import Transport

/// A connection whose TLS handshake is under way, with one deadline for all of it.
final class TLSHandshakeConnection: ServedConnection {
    let isAdmitted = true
    private let server: ServerLoop
    private let io: ConnectionIO
    private let onFailure: ((String, SocketAddress) -> Void)?
    private var hasBegun = false
    private var isOver = false
    private let startedAt: UInt64

    init(_ io: ConnectionIO, _ server: ServerLoop, onFailure: ((String, SocketAddress) -> Void)?) {
        self.io = io
        self.onFailure = onFailure
        self.server = server
        startedAt = server.reactor.now
    }

    /// Starts to wait for the client's first message; false if the kernel refuses.
    func start() -> Bool {
        guard io.start(for: self) else { return false }
        io.setDeadline(afterNanoseconds: server.times.header)
        return true
    }

    func close() {
        guard !isOver else { return }
        isOver = true
        io.close()
        server.forget(self)
    }

    /// A handshake that has begun goes on.
    func closeIfIdle() {
        if !hasBegun { close() }
    }

    var evictionPriority: EvictionPriority? {
        EvictionPriority(cost: hasBegun ? .head : .nothing, since: startedAt)
    }

    func evict() { close() }

    func isReady(for readiness: Readiness) {
        if !readiness.isDisjoint(with: .broken) { return close() }
        hasBegun = true
        continueHandshake()
    }

    func deadlineExpired() { fail("the handshake was not done in time") }

    private func continueHandshake() {
        guard let progress = io.continueHandshake() else { return }
        switch progress {
        case .done: handOver()
        case .waits(let next):
            io.change(to: next)
            io.reportHeldInput()
        case .notTLS(let byte):
            if Self.beginsHTTP(byte) { handOver() } else { fail("the client does not speak TLS") }
        case .failed(let reason): fail(reason)
        }
    }

    private func fail(_ reason: String) {
        onFailure?(reason, io.peerAddress)
        close()
    }

    private func handOver() {
        isOver = true
        server.succeed(self, with: io)
    }

    /// Whether a request may begin so: with a method, or the empty line that some put before it.
    private static func beginsHTTP(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "z")).contains(byte) || byte == 13 || byte == 10
    }
}

@available(*, unavailable)
extension TLSHandshakeConnection: Sendable {}  // Belongs to one event loop.
