import ArchiveFiles
import Gateway
import GatewayAPI
import HTTPFetching
import HTTPServing
import Logging
import ProviderClient
import StoreSQLite
import Transport
import VideoJobs

/// A running gateway: all parts, built from the settings and connected.
struct Service: Sendable {
    let loops: [EventLoop]
    let server: HTTPServer
    let gateway: VideoGateway
    /// Replaces the configuration.
    let reloading: ConfigurationReload
    private let store: SQLiteTaskStore
    private let requestLog: RequestLogWriter
    private let tracing: TraceService?
    let account: ProviderAccount
    let settings: Settings
    let catalogName: String

    /// Starts listening, opens the store, resumes unfinished tasks, and serves. Throws errors for the
    /// operator. Requests received meanwhile wait: a gateway that is shutting down releases the address
    /// before the store.
    ///
    /// - Parameter sockets: inherited listening sockets, one per entry of `listen`; empty to create them.
    static func start(
        _ valid: ValidConfiguration, key: ProviderKey, sockets: [InheritedSocket], _ processLog: ProcessLog
    ) async throws -> Service {
        let (settings, log, catalog) = (valid.settings, processLog.log, valid.catalog)
        valid.logCertificateWarnings(log)
        let front = try await ServiceFront.open(valid, sockets, processLog)
        let (server, loop, tracing, meters) = (front.server, front.loops[0], front.tracing, front.meters)
        let store = try openStore(settings.store, log, meters)
        let failures = AuthenticationLog(log)
        try await listenForOperators(settings, on: server, failures)
        let publicURL = settings.publicURL ?? origin(server.addresses[0], settings.listen[0].scheme)

        let provider = ProviderSettings(settings.provider, catalog.vocabulary)
        let account = try makeAccount(provider, key.key, on: loop, tracing)
        var ports = try await makePorts(settings, store, (account, meters), on: loop)
        let webhooks = try addWebhooks(
            valid.webhooks, publicURL: publicURL, to: &ports, makeFetcher(on: loop, tracing))
        let notices = try addNotices(valid.receivers, publicURL: publicURL, to: &ports, on: loop)
        meters.measure(&ports)
        let observers = APIObservers(publicURL: publicURL)
        let gateway = VideoGateway(
            settings: GatewaySettings(settings, catalog), ports: ports,
            observers: observers.all + [meters.observer] + tracing.observers)
        do { try await gateway.start() } catch { throw CommandError(error.message) }
        warnOfUnpricedModels(gateway, catalog, valid.configuration.catalog.name, log)
        let api = APIReplacement(
            of: Service.APIParts(
                gateway: gateway, observers: observers, meters: meters, server: server,
                publicURL: publicURL, unauthorized: UnauthorizedPolicy(on: loop, failures)), settings)
        front.startup.activate(api.handler)
        let reloading = ConfigurationReload(
            valid.configuration, key.source,
            ConfigurationReload.Parts(
                account: account, gateway: gateway, webhooks: webhooks, notices: notices,
                identities: valid.identities, level: processLog.level, api: api))
        return Service(
            loops: front.loops, server: server, gateway: gateway, reloading: reloading,
            store: store, requestLog: front.requestLog, tracing: tracing,
            account: account, settings: settings, catalogName: valid.configuration.catalog.name)
    }

    /// One line with the addresses and the main settings.
    var announcement: String {
        let endpoints = zip(server.addresses, settings.listen).map { address, listener in
            address.port == nil && listener.tls == nil ? "\(address)" : "\(listener.scheme)://\(address)"
        }
        return "reelgate: listening on \(endpoints.joined(separator: ", "))"
            + " · provider \(settings.provider.baseURL) · store \(settings.store.sqlite)"
            + " · archive \(settings.archive.directory) · models \(catalogName) · \(audience)"
    }

    /// Who may call.
    private var audience: String {
        switch settings.access.clients {
        case .tokens: "clients with a token"
        case .open:
            server.addresses.allSatisfy(\.isLoopback)
                ? "open to this machine" : "open to this machine and to clients with a certificate"
        }
    }

    /// Stops accepting, completes requests in progress within the time limit, and closes the store.
    func stop(within bound: Duration) async {
        let deadline = ContinuousClock.now + bound
        gateway.beginStopping()
        store.announceClosing()
        await server.drain(within: bound)
        await gateway.stop(within: max(.zero, ContinuousClock.now.duration(to: deadline)))
        await tracing?.stop()
        await requestLog.flush(within: .seconds(2))
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

    private static func openStore(
        _ settings: Settings.Store, _ log: StructuredLog, _ meters: ServiceMeters
    ) throws -> SQLiteTaskStore {
        do {
            return try SQLiteTaskStore.open(path: settings.sqlite) { message in
                log.error(.storeFailure, "store failure", metadata: ["reason": "\(message)"])
            } onCommit: {
                meters.recordCommit($0, mutations: $1)
            }
        } catch {
            throw CommandError(error.message)
        }
    }

    private static func openArchive(
        _ settings: Settings.Archive, isFirstUse: Bool,
        _ provider: (account: ProviderAccount, meters: ServiceMeters)
    ) throws -> FileResultArchive {
        let limits = ArchiveSettings(bytesMax: settings.maxBytes, verify: settings.verify)
        do {
            return try FileResultArchive.open(
                directory: settings.directory, isFirstUse: isFirstUse, settings: limits
            ) { await provider.meters.fetch($0, into: $1, from: provider.account) }
        } catch {
            throw CommandError(error.message)
        }
    }

    /// Returns the client of the provider.
    static func makeAccount(
        _ settings: ProviderSettings, _ key: APIKey, on loop: EventLoop, _ tracing: TraceService?
    ) throws -> ProviderAccount {
        let clock = LoopClock(loop: loop)
        return ProviderAccount(
            key: key, settings: settings, fetcher: try makeFetcher(on: loop, tracing), now: { clock.now() })
    }

    static func makeFetcher(on loop: EventLoop, _ tracing: TraceService? = nil) throws -> HTTPFetcher {
        HTTPFetcher(
            loop: loop, userAgent: "reelgate/\(Reelgate.version)",
            certificateFile: try OutboundTrust.certificateFile(), tracer: tracing?.tracer)
    }

    private static func makePorts(
        _ settings: Settings, _ store: SQLiteTaskStore,
        _ provider: (account: ProviderAccount, meters: ServiceMeters), on loop: EventLoop
    ) async throws -> GatewayPorts {
        let isFirstUse: Bool
        do { isFirstUse = try await store.identity().archiveID == nil } catch {
            throw CommandError(error.message)
        }
        let archive = try openArchive(settings.archive, isFirstUse: isFirstUse, provider)
        var ports = GatewayPorts(
            store: store, provider: provider.account, archive: archive, clock: LoopClock(loop: loop))
        ports.marks = [MarkFile(besideStore: store.path), archive.mark]
        ports.executor = loop.taskExecutor
        ports.log = StructuredLog(Logger(label: "gateway"), hasPrompts: settings.log.prompts)
        ports.random = { Entropy.randomNumber() }
        return ports
    }
}
