import ArchiveFiles
import Gateway
import GatewayAPI
import Glibc
import HTTPFetching
import HTTPServing
import Logging
import ProviderClient
import StoreSQLite
import TLS
import Transport
import VideoJobs

/// A running gateway: all parts, built from the settings and connected.
struct Service: Sendable {
    let loops: [EventLoop]
    let server: HTTPServer
    let identities: [TLSIdentity?]
    let gateway: VideoGateway
    private let store: SQLiteTaskStore
    private let requestLog: RequestLogWriter
    let settings: Settings
    let catalogName: String

    /// Starts listening, opens the store, resumes unfinished tasks, and serves. Throws errors for the
    /// operator. Requests received meanwhile wait: a gateway that is shutting down releases the address
    /// before the store.
    ///
    /// - Parameter sockets: inherited listening sockets, one per entry of `listen`; empty to create them.
    static func start(
        _ configuration: Configuration, key: APIKey, sockets: [InheritedSocket], log: Logger
    ) async throws -> Service {
        let settings = configuration.settings
        let catalog = try configuration.catalog.readCatalog()
        let identities = try configuration.readIdentities(protocols: HTTPServer.protocols)
        for warning in identities.flatMap({ $0?.warnings ?? [] }) {
            log.warning("TLS certificate warning", metadata: ["reason": "\(warning)"])
        }
        let loops = try makeLoops(settings.loops ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let startup = StartupHandler(bodyLimit: settings.limits.body)
        let endpoints = makeEndpoints(settings.listen, identities, sockets, log)
        let budget = DescriptorBudget.raise(forConnections: settings.limits.connections)
        if let warning = budget.warning {
            log.warning("connection limit reduced", metadata: ["reason": "\(warning)"])
        }
        var limits = HTTPLimits(settings.limits)
        limits.connections = budget.connections
        let requestLog = RequestLogWriter(log)
        let server = try await listen(
            in: endpoints, limits, on: loops, handler: requestLog.logging(startup, settings.log))
        let store = try openStore(settings.store, log)
        let publicURL = settings.publicURL ?? origin(server.addresses[0], settings.listen[0].scheme)

        let ports = try await makePorts(
            settings, store: store, provider: (key, catalog.vocabulary), loops: loops)
        let responses = TaskResponseCache(publicURL: publicURL)
        let gateway = VideoGateway(
            settings: GatewaySettings(settings), ports: ports, observers: [responses])
        do {
            try await gateway.start()
        } catch {
            throw CommandError(error.message)
        }
        let api = APISettings(settings, publicURL: publicURL, addresses: server.addresses)
        startup.activate(
            GatewayHandler(gateway: gateway, responses: responses, catalog: catalog, settings: api)
                .behindAccessControl)
        return Service(
            loops: loops, server: server, identities: identities, gateway: gateway, store: store,
            requestLog: requestLog, settings: settings, catalogName: configuration.catalog.name)
    }

    /// One line with the addresses and the main settings.
    var announcement: String {
        let endpoints = zip(server.addresses, settings.listen).map { address, listener in
            address.port == nil && listener.tls == nil ? "\(address)" : "\(listener.scheme)://\(address)"
        }
        let acceptsRemote = server.addresses.contains { !$0.isLoopback }
        return "reelgate: listening on \(endpoints.joined(separator: ", "))"
            + " · provider \(settings.provider.baseURL) · store \(settings.store.sqlite)"
            + " · archive \(settings.archive.directory) · models \(catalogName) · open to this machine"
            + (acceptsRemote ? " and to clients with a certificate" : "")
    }

    /// Reloads certificates and keys (SIGHUP). On errors logs the issues and keeps the current ones.
    func reload(_ log: Logger) {
        for (index, identity) in identities.enumerated() {
            guard let identity else { continue }
            do throws(TLSError) {
                for warning in try identity.reload() {
                    log.warning("TLS certificate warning", metadata: ["reason": "\(warning)"])
                }
                log.notice("certificates reloaded", metadata: ["address": "\(server.addresses[index])"])
            } catch {
                for issue in error.issues {
                    log.error(
                        "certificate reload failed; the current certificate is kept",
                        metadata: ["reason": "\(issue)"])
                }
            }
        }
    }

    /// Stops accepting, completes requests in progress within the time limit, and closes the store.
    func stop(within bound: Duration) async {
        let deadline = ContinuousClock.now + bound
        gateway.beginStopping()
        store.announceClosing()
        await server.drain(within: bound)
        await gateway.stop(within: max(.zero, ContinuousClock.now.duration(to: deadline)))
        await requestLog.flush()
    }

    /// Sends a watchdog notification at each interval while every loop responds.
    func sendWatchdog(every interval: Duration, notifying notifier: ServiceNotifier) -> Task<Void, Never> {
        Task(executorPreference: loops[0].taskExecutor) {
            while !Task.isCancelled {
                // A blocked loop does not return from this call, so no notification is sent.
                for loop in loops { await loop.turn() }
                notifier.send(.alive)
                await loops[0].sleep(for: interval)
            }
        }
    }

    /// Returns the origin for links to an address. A socket path has no host name; `localhost` works with
    /// curl's `--unix-socket`.
    private static func origin(_ address: SocketAddress, _ scheme: String) -> String {
        address.port == nil ? "\(scheme)://localhost" : "\(scheme)://\(address)"
    }

    private static func makeLoops(_ count: Int) throws -> [EventLoop] {
        try (0..<max(1, count)).map { try EventLoop(label: "reelgate.loop.\($0)") }
    }

    private static func makeEndpoints(
        _ listeners: [Settings.Listener], _ identities: [TLSIdentity?], _ sockets: [InheritedSocket],
        _ log: Logger
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

    private static func openStore(_ settings: Settings.Store, _ log: Logger) throws -> SQLiteTaskStore {
        do {
            return try SQLiteTaskStore.open(path: settings.sqlite) { message in
                log.error("store failure", metadata: ["reason": "\(message)"])
            }
        } catch {
            throw CommandError(error.message)
        }
    }

    private static func openArchive(
        _ settings: Settings.Archive, isFirstUse: Bool, _ provider: ProviderAccount
    ) throws -> FileResultArchive {
        let limits = ArchiveSettings(bytesMax: settings.maxBytes, verify: settings.verify)
        do {
            return try FileResultArchive.open(
                directory: settings.directory, isFirstUse: isFirstUse, settings: limits
            ) { await provider.download($0, to: $1) }
        } catch {
            throw CommandError(error.message)
        }
    }

    private static func makePorts(
        _ settings: Settings, store: SQLiteTaskStore,
        provider: (key: APIKey, vocabulary: ProviderVocabulary), loops: [EventLoop]
    ) async throws -> GatewayPorts {
        let clock = LoopClock(loop: loops[0])
        let fetcher = HTTPFetcher(
            loop: loops[0], userAgent: "reelgate/\(Reelgate.version)",
            certificateFile: try OutboundTrust.certificateFile())
        let account = ProviderAccount(
            key: provider.key, settings: ProviderSettings(settings.provider, provider.vocabulary),
            fetcher: fetcher, now: { clock.now() })
        let isFirstUse: Bool
        do { isFirstUse = try await store.identity().archiveID == nil } catch {
            throw CommandError(error.message)
        }
        let archive = try openArchive(settings.archive, isFirstUse: isFirstUse, account)
        var ports = GatewayPorts(store: store, provider: account, archive: archive, clock: clock)
        ports.marks = [MarkFile(besideStore: store.path), archive.mark]
        ports.executor = loops[0].taskExecutor
        ports.random = { Entropy.randomNumber() }
        return ports
    }
}
