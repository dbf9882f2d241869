internal import CrashPoints
internal import TLS
internal import Transport

/// The socket of one client's connection: registration, interest, deadline, output queue and close.
///
/// Knows bytes and readiness, and no protocol. A connection that is replaced by another one for the same
/// client (after a TLS handshake, or by HTTP/2 without one) passes this object on to its successor.
final class ConnectionIO {
    // Immutable:
    let peerAddress: SocketAddress
    private let reactor: Reactor
    /// The user who connected to an operator socket.
    private let operatorUser: UInt32?
    /// The context of each request of this client, but for the request's id.
    private(set) lazy var requestContext: RequestContext = {
        let peer = peerAddress.port == nil ? RequestContext.unixPeer : peerAddress.description
        var context = RequestContext(
            requestID: "", peer: peer, secure: isSecure, certifiedName: certifiedName)
        context.isLocal = peerAddress.isLoopback
        context.principal = operatorUser.map(Principal.operatorSocket) ?? Principal(context)
        return context
    }()

    // The socket:
    private var stream: ByteStream?
    private var owner: (any ServedConnection)?
    private var registration: RegistrationID?
    private var interest = Interest.read
    private var deadline: Deadline?
    private var queue = OutputQueue() { didSet { isBlocked = !queue.isEmpty } }
    private var hasProgressed = false

    /// Whether output waits for the kernel to take it.
    private(set) var isBlocked = false
    /// Set while what the client still sends is dropped, after our side was closed.
    private(set) var linger: Linger?
    /// Whether the client has closed its side.
    var peerHasEnded = false
    /// Whether the client has closed or reset the connection, so that no response can reach it.
    var clientHasLeft = false

    init(
        _ stream: consuming ByteStream, _ peerAddress: SocketAddress, on reactor: Reactor,
        operatorUser: UInt32? = nil
    ) {
        self.stream = consume stream
        self.peerAddress = peerAddress
        self.reactor = reactor
        self.operatorUser = operatorUser
    }

    /// Whether the connection has TLS.
    var isSecure: Bool { stream?.isSecure ?? false }

    /// The verified name in the client's certificate, if one was asked for.
    var certifiedName: String? { stream?.certifiedName }

    /// The protocol that ALPN chose.
    var applicationProtocol: String? { stream?.applicationProtocol }

    /// Starts to wait for input on behalf of `owner`, in place of the owner before; false if the kernel
    /// refuses. Keeps the owner alive until `close`.
    func start(for owner: some ServedConnection) -> Bool {
        guard let fileDescriptor = stream?.fileDescriptor else { return false }
        if registration != nil {
            self.owner = owner
            deadline?.clear()
            change(to: .read)
            return true
        }
        do throws(SystemError) {
            registration = try reactor.watch(fileDescriptor, for: .read) { self.owner?.isReady(for: $0) }
        } catch { return false }
        self.owner = owner
        deadline = Deadline(on: reactor) { self.owner?.deadlineExpired() }
        return true
    }

    /// Closes the socket, and lets go of the owner. Output that waits is dropped.
    func close() {
        owner = nil
        deadline?.invalidate()
        deadline = nil
        if let registration { reactor.unwatch(registration) }
        registration = nil
        queue = OutputQueue()
        stream = nil
    }

    /// How the exchanges in progress end if the connection closes now.
    var completionOnClose: ExchangeOutcome.Completion { clientHasLeft ? .cancelled : .aborted }

    /// Makes the coming close a reset: what the kernel holds is dropped too, and the client sees an error.
    func resetOnClose() { stream?.resetOnClose() }
}

// Readiness and time.
extension ConnectionIO {
    /// Changes the readiness that is waited for.
    func change(to interest: Interest) {
        guard interest != self.interest, let registration else { return }
        self.interest = interest
        reactor.change(registration, to: interest)
    }

    /// The readiness that the next read waits for; `.write` where TLS must send first.
    var interestToRead: Interest { stream?.interestToRead ?? .read }

    /// The present interest, reduced to reading.
    var readingInterest: Interest { interest.intersection(.read) }

    /// Reports input that TLS has already taken from the socket, in a later turn: the kernel reports none.
    func reportHeldInput() {
        guard interest.contains(.read), stream?.holdsInput == true else { return }
        reactor.enqueue { self.owner?.isReady(for: .read) }
    }

    /// When the deadline expires, on the reactor's clock in nanoseconds; `nil` if none is set.
    var deadlineDue: UInt64? { deadline?.due }

    /// Sets the deadline, in nanoseconds from now.
    func setDeadline(afterNanoseconds interval: UInt64) { deadline?.set(afterNanoseconds: interval) }

    /// Sets the deadline to a time of the reactor's clock in nanoseconds; at once, if that is over.
    func setDeadline(at due: UInt64) {
        let now = reactor.now
        deadline?.set(afterNanoseconds: due > now ? due - now : 0)
    }

    func clearDeadline() { deadline?.clear() }

    /// Returns whether bytes were sent, or dropped while lingering, since the last call.
    func takeProgress() -> Bool {
        defer { hasProgressed = false }
        return hasProgressed
    }
}

// Input.
extension ConnectionIO {
    /// Reads once, as much as there is and fits; `nil` if the connection is dead.
    func read(into buffer: inout [UInt8]) -> Progress? {
        do throws(SystemError) {
            return try stream?.read(into: &buffer)
        } catch {
            clientHasLeft = true
            return nil
        }
    }

    /// Continues the TLS handshake; `nil` once the connection is closed.
    func continueHandshake() -> HandshakeProgress? { stream?.continueHandshake() }

    /// Closes our side. RFC 9112 §9.6: closing while the client sends would reset the connection, and lose
    /// what was sent last.
    func beginLinger() {
        stream?.endSending()
        linger = Linger(since: reactor.now)
    }

    /// Notes that the client sent bytes that are dropped.
    func recordDropped() {
        hasProgressed = true
        linger?.lastReceived = reactor.now
    }
}

// Output.
extension ConnectionIO {
    /// Bytes that wait for the kernel to take them.
    var queuedCount: Int64 { queue.count }

    /// Sends bytes, and queues what the kernel does not take; false if the connection is dead. `more`:
    /// further bytes follow at once.
    func send(_ bytes: [UInt8], more: Bool = false) -> Bool {
        if bytes.isEmpty { return true }
        if isBlocked {
            queue.append(Self.copy(bytes[...]))
            return true
        }
        do throws(SystemError) {
            switch try stream?.write(bytes, 0..<bytes.count, more: more) {
            case .moved(let count):
                hasProgressed = true
                reached(.responseWritten)
                if count < bytes.count { queue.append(Self.copy(bytes[count...])) }
            case .blocked: queue.append(Self.copy(bytes[...]))
            case .ended, nil: return false
            }
        } catch {
            clientHasLeft = true
            return false
        }
        return true
    }

    /// Queues a body that is too large to be copied.
    func enqueue(_ segment: OutputQueue.Segment) {
        switch segment {
        case .bytes(let bytes, let start): queue.append(bytes, from: start)
        case .file(let part): queue.append(part)
        }
    }

    /// Sends what is queued, as much as the kernel takes and a turn allows; false if the connection is dead.
    func sendQueue() -> Bool {
        guard let stream = stream.take() else { return true }
        let outcome = queue.send(to: stream)
        self.stream = consume stream
        switch outcome {
        case .emptied, .blocked(progress: true): hasProgressed = true
        case .blocked: break
        case .disconnected:
            clientHasLeft = true
            return false
        case .truncated:
            // The head promised more: only a broken connection says that truthfully.
            resetOnClose()
            return false
        }
        return true
    }

    /// A copy that shares nothing: the buffer of the loop is larger, and wanted for others.
    private static func copy(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        copy.append(contentsOf: bytes)
        return copy
    }
}

@available(*, unavailable)
extension ConnectionIO: Sendable {}  // Belongs to one event loop.
