import Gateway
import Glibc
import HTTPServing
import TLS
import Transport

/// What clients of a gateway connect to. Their requests wait until the gateway behind it is ready.
struct ServiceFront: Sendable {
    let loops: [EventLoop]
    let server: HTTPServer
    /// Passes requests on once it has the API.
    let startup: StartupHandler
    let requestLog: RequestLogWriter
    let tracing: TraceService?
    let meters: ServiceMeters

    /// Starts listening.
    static func open(
        _ valid: ValidConfiguration, _ sockets: [InheritedSocket], _ processLog: ProcessLog
    ) async throws -> ServiceFront {
        let (settings, log) = (valid.settings, processLog.log)
        let loops = try makeLoops(settings.loops ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let startup = StartupHandler(bodyLimit: settings.limits.body)
        let endpoints = makeEndpoints(settings.listen, valid.identities, sockets, log)
        let requestLog = RequestLogWriter(log, level: processLog.level, lines: processLog.requestLines)
        let tracing = try TraceService(settings.tracing, on: loops[0], log)
        let meters = ServiceMeters(loops)
        let server = try await listen(
            in: endpoints, makeLimits(settings.limits, log), on: loops,
            handler: meters.counting(
                tracing.tracingRequests(of: requestLog.logging(startup, settings.log))))
        return ServiceFront(
            loops: loops, server: server, startup: startup, requestLog: requestLog, tracing: tracing,
            meters: meters)
    }

    /// Returns the server's limits, within the descriptors that the process may have.
    static func makeLimits(_ settings: Settings.Limits, _ log: StructuredLog) -> HTTPLimits {
        let budget = DescriptorBudget.raise(forConnections: settings.connections)
        if let warning = budget.warning {
            log.warning(.connectionsReduced, "connection limit reduced", metadata: ["reason": "\(warning)"])
        }
        var limits = HTTPLimits(settings)
        limits.connections = budget.connections
        return limits
    }

    private static func makeLoops(_ count: Int) throws -> [EventLoop] {
        try (0..<max(1, count)).map { try EventLoop(label: "reelgate.loop.\($0)") }
    }

    private static func makeEndpoints(
        _ listeners: [Settings.Listener], _ identities: [TLSIdentity?], _ sockets: [InheritedSocket],
        _ log: StructuredLog
    ) -> [ListenEndpoint] {
        let handshakes = HandshakeLog(log)
        return identities.indices.map { index in
            let identity = identities[index]
            var endpoint =
                sockets.isEmpty
                ? ListenEndpoint(listeners[index].address, identity: identity)
                : ListenEndpoint(sockets[index], identity: identity)
            let address = endpoint.address
            endpoint.onFailedHandshake = { handshakes.record($0, from: $1, at: address) }
            return endpoint
        }
    }

    private static func listen(
        in endpoints: [ListenEndpoint], _ limits: HTTPLimits, on loops: [EventLoop], handler: any HTTPHandler
    ) async throws -> HTTPServer {
        do {
            return try await HTTPServer.start(
                in: endpoints, on: loops, limits: limits, handler: handler)
        } catch let failure as ListenError {
            throw CommandError(
                failure.description,
                remedy: "Stop the process that listens there, or choose another address with --listen.")
        }
    }
}
