internal import TLS
internal import Transport

/// A connection whose TLS handshake is under way, with one deadline for all of it.
final class TLSHandshakeConnection: ServedConnection {
    let isAdmitted = true
    private let server: ServerLoop
    private let peer: SocketAddress
    private let onFailure: ((String, SocketAddress) -> Void)?
    private var stream: ByteStream?
    private var watch: RegistrationID?
    private var interest = Interest.read
    private var hasBegun = false
    private var deadline: TimerID?
    private let startedAt: UInt64

    init(
        _ stream: consuming ByteStream, _ peer: SocketAddress, _ server: ServerLoop,
        onFailure: ((String, SocketAddress) -> Void)?
    ) {
        self.stream = consume stream
        self.onFailure = onFailure
        self.peer = peer
        self.server = server
        startedAt = server.reactor.now
    }

    /// Begins to wait for the client's first message; whether the kernel let it.
    func start() -> Bool {
        guard let number = stream?.number else { return false }
        do throws(SystemError) {
            // The watch keeps the greeting alive, until `leave` ends both.
            watch = try server.reactor.watch(number, for: .read) { self.isReady(for: $0) }
        } catch { return false }
        deadline = server.reactor.schedule(after: .nanoseconds(Int64(server.times.header))) { [weak self] in
            self?.fail("the handshake was not done in time")
        }
        return true
    }

    func close() {
        guard leave() != nil else { return }
        server.forget(self)
    }

    /// Who has begun is let in.
    func closeIfIdle() {
        if !hasBegun { close() }
    }

    var evictionPriority: EvictionPriority? {
        EvictionPriority(loss: hasBegun ? .head : .nothing, since: startedAt)
    }

    func evict() { close() }

    private func isReady(for readiness: Readiness) {
        if !readiness.isDisjoint(with: .broken) { return close() }
        hasBegun = true
        goOn()
    }

    private func goOn() {
        guard let progress = stream?.continueHandshake() else { return }
        switch progress {
        case .done: handOver()
        case .waits(let next):
            change(to: next)
            if stream?.holdsInput == true { server.reactor.enqueue { [weak self] in self?.goOn() } }
        case .foreign(let byte):
            if Self.beginsHTTP(byte) { handOver() } else { fail("the client does not speak TLS") }
        case .failed(let reason): fail(reason)
        }
    }

    private func fail(_ reason: String) {
        onFailure?(reason, peer)
        close()
    }

    private func handOver() {
        guard let stream = leave() else { return }
        server.succeed(self, with: stream, peer)
    }

    /// Gives up the stream and all that belongs to waiting for it.
    private func leave() -> ByteStream? {
        if let deadline { server.reactor.cancel(deadline) }
        if let watch { server.reactor.unwatch(watch) }
        watch = nil
        return stream.take()
    }

    private func change(to interest: Interest) {
        guard interest != self.interest, let watch else { return }
        self.interest = interest
        server.reactor.change(watch, to: interest)
    }

    /// Whether a request may begin so: with a method, or the empty line that some put before it.
    private static func beginsHTTP(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "z")).contains(byte) || byte == 13 || byte == 10
    }
}

@available(*, unavailable)
extension TLSHandshakeConnection: Sendable {}  // Belongs to one event loop.
