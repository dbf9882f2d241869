package import TLS
package import Transport

/// The limits of a server (contract, section 2). Times in seconds as `Duration`, sizes in bytes.
package struct HTTPLimits: Equatable, Sendable {
    /// The header section of one request.
    package var header = 16 * 1024
    /// Connections at once, over all loops and addresses. For one more the one goes that has waited longest
    /// for its client; while none can be spared it is answered 503 and closed.
    package var connections = 10_000
    /// For a whole head, from its first byte on.
    package var headerTimeout: Duration = .seconds(10)
    /// For a whole body, and for any progress of an answer being sent.
    package var bodyTimeout: Duration = .seconds(30)
    /// The slowest that a client may take an answer, in bytes a second over the whole of it; `bodyTimeout`
    /// comes on top.
    package var sendingRateMin = 16 * 1024
    /// How long an idle connection is kept while draining: its client may be sending at this very moment.
    package var drainGrace: Duration = .milliseconds(500)
    /// Between requests.
    package var idleTimeout: Duration = .seconds(75)
    /// The largest request body that handlers take. HTTP/2 windows are derived from it.
    package var body = 64 * 1024
    /// Incomplete request bodies in memory, over all connections and loops.
    package var heldBodies = 64 << 20

    package init() {}

    /// The window of an HTTP/2 stream. Never less than the 65,535 bytes that a client may send before it
    /// knows our settings (RFC 9113 §6.9.2), for not every client copes with a window that became negative.
    var streamWindow: Int { min(max(body, 64 * 1024), 1 << 20) }
}

/// An address that cannot be listened on.
package struct ListenError: Error, Equatable, Sendable, CustomStringConvertible {
    package let address: SocketAddress
    package let failure: SystemError

    /// For example `cannot listen on 127.0.0.1:8031: bind: Address already in use (98)`.
    package var description: String { "cannot listen on \(address): \(failure)" }
}

/// An address to listen on, in the clear or with TLS.
package struct ListenEndpoint: Sendable {
    package var address: SocketAddress
    /// What is shown to clients; `nil` for a port in the clear.
    package var identity: TLSIdentity?
    /// Told why a client's handshake failed, and whose it was; on the connection's loop.
    package var onFailedHandshake: (@Sendable (_ reason: String, _ peer: SocketAddress) -> Void)?
    /// The socket that listens there already; `nil` to make one.
    package let passed: InheritedSocket?

    package init(_ address: SocketAddress, identity: TLSIdentity? = nil) {
        self.address = address
        self.identity = identity
        passed = nil
    }

    /// Where a socket listens that the process was started with.
    package init(_ socket: InheritedSocket, identity: TLSIdentity? = nil) {
        address = socket.address
        self.identity = identity
        passed = socket
    }
}

/// Listens on addresses, one listener per loop and address, and has every request answered by one handler.
package final class HTTPServer: Sendable {
    /// Where it listens, ports resolved.
    package let addresses: [SocketAddress]

    private let parts: [Part]

    /// What lives on one of the loops.
    private struct Part: Sendable {
        let loop: EventLoop
        let server: LoopBound<ServerLoop>
    }

    private init(addresses: [SocketAddress], parts: [Part]) {
        self.addresses = addresses
        self.parts = parts
    }

    // What lives on a loop must be let go there.
    deinit {
        for part in parts { part.loop.post { _ in part.server.value.drain(within: .zero) {} } }
    }

    /// What ALPN may settle on with this server, best first.
    package static let protocols = ["h2", "http/1.1"]

    /// Starts listening in the clear.
    package static func start(
        at addresses: [SocketAddress], on loops: [EventLoop], limits: HTTPLimits, handler: any HTTPHandler
    ) async throws -> HTTPServer {
        try await start(in: addresses.map { ListenEndpoint($0) }, on: loops, limits: limits, handler: handler)
    }

    /// Starts listening. Throws what the operating system said, with the address.
    package static func start(
        in places: [ListenEndpoint], on loops: [EventLoop], limits: HTTPLimits, handler: any HTTPHandler
    ) async throws -> HTTPServer {
        precondition(!loops.isEmpty, "a server needs a loop")
        let limiter = ConnectionLimiter(limit: limits.connections)
        let bodyBudget = BodyBudget(limit: limits.heldBodies)
        var parts: [Part] = []
        for loop in loops {
            let server = try await loop.run { reactor in
                let setting = ServerLoop.Setting(
                    limits: limits, handler: handler, limiter: limiter, bodyBudget: bodyBudget)
                return LoopBound(ServerLoop(loop, reactor, setting), on: loop)
            }
            parts.append(Part(loop: loop, server: server))
        }
        do {
            var resolved: [SocketAddress] = []
            for place in places { resolved.append(try await listen(in: place, parts)) }
            return HTTPServer(addresses: resolved, parts: parts)
        } catch {
            await HTTPServer(addresses: [], parts: parts).drain(within: .zero)
            throw error
        }
    }

    /// Stops accepting, lets what is in flight end within the bound, then closes what remains.
    package func drain(within bound: Duration) async {
        await withTaskGroup { group in
            for part in parts {
                group.addTask { await Self.drain(part, within: bound) }
            }
        }
    }

    private static func listen(in place: ListenEndpoint, _ parts: [Part]) async throws -> SocketAddress {
        let address = place.address
        var resolved = place
        // One path has one listener; a shared port would hide that another process already serves it.
        let isShared = place.passed == nil && address.port != nil && parts.count > 1
        do throws(SystemError) {
            if isShared, try !Listener.isFree(address) { throw SystemError.addressInUse }
        } catch { throw ListenError(address: address, failure: error) }
        for part in isShared || place.passed != nil ? parts : Array(parts.prefix(1)) {
            let next = resolved
            resolved.address = try await part.loop.run { _ in
                do throws(SystemError) {
                    return try part.server.value.listen(in: next, shared: isShared)
                } catch { throw ListenError(address: address, failure: error) }
            }
        }
        return resolved.address
    }

    private static func drain(_ part: Part, within bound: Duration) async {
        await withCheckedContinuation { continuation in
            part.loop.post { _ in part.server.value.drain(within: bound) { continuation.resume() } }
        }
    }
}
