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

/// A running gateway: every part built from the settings and joined. Owns nothing else.
struct Service: Sendable {
    let loops: [EventLoop]
    let server: HTTPServer
    let identities: [TLSIdentity?]
    let gateway: VideoGateway
    private let store: SQLiteTaskStore
    let settings: Settings
    let catalogName: String

    /// Listens, opens the store, takes up open tasks, and serves. Throws what a person has to mend. Who calls
    /// meanwhile waits: a gateway that is about to end has given the address up, but not the store.
    ///
    /// - Parameter sockets: listen already, one for each entry of `listen`; none to make them.
    static func start(
        _ configuration: Configuration, key: APIKey, sockets: [PassedSocket], log: Logger
    ) async throws -> Service {
        let settings = configuration.settings
        let catalog = try configuration.catalog.readCatalog()
        let identities = try configuration.readIdentities(protocols: HTTPServer.protocols)
        for warning in identities.flatMap({ $0?.warnings ?? [] }) { log.warning("\(warning)") }
        let loops = try makeLoops(settings.loops ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let startup = StartupHandler(bodyLimit: settings.limits.body)
        let places = listeningPlaces(settings.listen, identities, sockets, log)
        let budget = DescriptorBudget.raise(forConnections: settings.limits.connections)
        if let warning = budget.warning { log.warning("\(warning)") }
        var limits = HTTPLimits(settings.limits)
        limits.connections = budget.connections
        let server = try await listen(in: places, limits, on: loops, handler: startup)
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
            settings: settings, catalogName: configuration.catalog.name)
    }

    /// The one line that says where it listens and what it uses.
    var announcement: String {
        let places = zip(server.addresses, settings.listen).map { address, listener in
            address.port == nil && listener.tls == nil ? "\(address)" : "\(listener.scheme)://\(address)"
        }
        let asks = server.addresses.contains { !$0.isLoopback }
        return "reelgate: listening on \(places.joined(separator: ", "))"
            + " · provider \(settings.provider.baseURL) · store \(settings.store.sqlite)"
            + " · archive \(settings.archive.directory) · models \(catalogName) · open to this machine"
            + (asks ? " and to clients with a certificate" : "")
    }

    /// Reads certificates and keys anew (SIGHUP). What cannot be used is logged, and the old stays.
    func reload(_ log: Logger) {
        for (index, identity) in identities.enumerated() {
            guard let identity else { continue }
            do throws(TLSError) {
                for warning in try identity.reload() { log.warning("\(warning)") }
                log.notice("\(server.addresses[index]): certificates read anew")
            } catch {
                for fault in error.faults { log.error("\(fault); the certificate in use stays") }
            }
        }
    }

    /// Accepts nothing further, finishes what is under way within the bound, closes the store.
    func stop(within bound: Duration) async {
        let deadline = ContinuousClock.now + bound
        gateway.beginStopping()
        store.announceClosing()
        await server.drain(within: bound)
        await gateway.stop(within: max(.zero, ContinuousClock.now.duration(to: deadline)))
    }

    /// Tells the service manager at each interval that every loop still turns.
    func beat(every interval: Duration, telling notices: ServiceNotices) -> Task<Void, Never> {
        Task(executorPreference: loops[0].taskExecutor) {
            while !Task.isCancelled {
                // A loop that hangs does not come back from this, and so nothing is sent.
                for loop in loops { await loop.turn() }
                notices.send(.alive)
                await loops[0].sleep(for: interval)
            }
        }
    }

    /// How links to an address begin. A path has no host name; curl's `--unix-socket` is used with this one.
    private static func origin(_ address: SocketAddress, _ scheme: String) -> String {
        address.port == nil ? "\(scheme)://localhost" : "\(scheme)://\(address)"
    }

    private static func makeLoops(_ count: Int) throws -> [EventLoop] {
        try (0..<max(1, count)).map { try EventLoop(label: "reelgate.loop.\($0)") }
    }

    private static func listeningPlaces(
        _ listeners: [Settings.Listener], _ identities: [TLSIdentity?], _ sockets: [PassedSocket],
        _ log: Logger
    ) -> [ListenEndpoint] {
        let handshakes = HandshakeLog(log)
        return identities.indices.map { index in
            let identity = identities[index]
            var place =
                sockets.isEmpty
                ? ListenEndpoint(listeners[index].address, identity: identity)
                : ListenEndpoint(sockets[index], identity: identity)
            let address = place.address
            place.onFailedHandshake = { handshakes.note($0, from: $1, at: address) }
            return place
        }
    }

    private static func listen(
        in places: [ListenEndpoint], _ limits: HTTPLimits, on loops: [EventLoop], handler: StartupHandler
    ) async throws -> HTTPServer {
        do {
            return try await HTTPServer.start(
                in: places, on: loops, limits: limits, handler: handler)
        } catch let failure as ListenError {
            throw CommandError(
                failure.description,
                remedy: "Stop what listens there, or choose another address with --listen.")
        }
    }

    private static func openStore(_ settings: Settings.Store, _ log: Logger) throws -> SQLiteTaskStore {
        do {
            return try SQLiteTaskStore.open(path: settings.sqlite) { message in log.error("\(message)") }
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
        ports.random = { Entropy.number() }
        return ports
    }
}
