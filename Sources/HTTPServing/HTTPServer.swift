package import Transport

/// A server: one listener per loop and address, and one handler for all requests.
package final class HTTPServer: Sendable {
    /// The addresses that it listens on, with ports resolved.
    package let addresses: [SocketAddress]

    private let parts: [Part]
    private let limiter: ConnectionLimiter

    /// The part of the server on one loop.
    private struct Part: Sendable {
        let loop: EventLoop
        let server: LoopBound<ServerLoop>
    }

    private init(addresses: [SocketAddress], parts: [Part], _ limiter: ConnectionLimiter) {
        self.addresses = addresses
        self.parts = parts
        self.limiter = limiter
    }

    // Objects of a loop must be released there.
    deinit {
        for part in parts { part.loop.post { _ in part.server.value.drain(within: .zero) {} } }
    }

    /// Connections that are open now, on all loops.
    package var connectionCount: Int { limiter.current }

    /// The protocols that the server offers by ALPN, best first.
    package static let protocols = ["h2", "http/1.1"]

    /// Starts listening without TLS.
    package static func start(
        at addresses: [SocketAddress], on loops: [EventLoop], limits: HTTPLimits, handler: any HTTPHandler
    ) async throws -> HTTPServer {
        try await start(in: addresses.map { ListenEndpoint($0) }, on: loops, limits: limits, handler: handler)
    }

    /// Starts listening. Throws `ListenError` with the address and the system's error.
    package static func start(
        in endpoints: [ListenEndpoint], on loops: [EventLoop], limits: HTTPLimits, handler: any HTTPHandler
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
            for endpoint in endpoints { resolved.append(try await listen(on: endpoint, parts)) }
            return HTTPServer(addresses: resolved, parts: parts, limiter)
        } catch {
            await HTTPServer(addresses: [], parts: parts, limiter).drain(within: .zero)
            throw error
        }
    }

    /// Listens on one more address that is a path, on the first loop. Throws `ListenError`.
    package func listen(onPathOf endpoint: ListenEndpoint) async throws {
        precondition(endpoint.address.port == nil, "a port needs a listener on each loop")
        _ = try await Self.listen(on: endpoint, parts)
    }

    /// Replaces the limits without closing a connection. Connections that are open keep the limits of their
    /// sizes.
    package func replaceLimits(with limits: HTTPLimits) {
        limiter.replaceLimit(with: limits.connections)
        for part in parts { part.loop.post { _ in part.server.value.replaceLimits(with: limits) } }
    }

    /// Stops accepting, completes accepted requests within the bound, then closes the remaining connections.
    package func drain(within bound: Duration) async {
        await withTaskGroup { group in
            for part in parts {
                group.addTask { await Self.drain(part, within: bound) }
            }
        }
    }

    private static func listen(on endpoint: ListenEndpoint, _ parts: [Part]) async throws -> SocketAddress {
        let address = endpoint.address
        var resolved = endpoint
        // A path has one listener. A shared port would hide that another process already serves it.
        let isShared = endpoint.passed == nil && address.port != nil && parts.count > 1
        do throws(SystemError) {
            if isShared, try !Listener.isFree(address) { throw SystemError.addressInUse }
        } catch { throw ListenError(address: address, failure: error) }
        for part in isShared || endpoint.passed != nil ? parts : Array(parts.prefix(1)) {
            let next = resolved
            resolved.address = try await part.loop.run { _ in
                do throws(SystemError) {
                    return try part.server.value.listen(on: next, shared: isShared)
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
