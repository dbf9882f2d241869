import Gateway
import GatewayAPI
import GatewayProtocol
import Glibc
import HTTPFetching
import HTTPServing
import HTTPWire
import Logging
import StoreSQLite
import Transport

/// A call to the store while no gateway runs: the API of a gateway that is not started, in this process.
///
/// The store's lock keeps gateways out meanwhile; one that starts waits for the end of the call.
struct StoreCall: Sendable {
    private let configuration: Configuration
    private let loop: EventLoop

    init(_ configuration: Configuration, _ loop: EventLoop) {
        self.configuration = configuration
        self.loop = loop
    }

    private var location: StoreLocation { StoreLocation(configuration) }

    /// Performs a call. Throws errors for the operator.
    func response(to call: OperatorCall) async throws -> FetchResponse {
        let catalog = try configuration.catalog.readCatalog()
        let isNew = !location.exists
        let store = try openStore(for: call)
        let unused = UnusedServices()
        var ports = GatewayPorts(
            store: store, provider: unused, archive: unused, clock: LoopClock(loop: loop))
        ports.random = { Entropy.randomNumber() }
        // The command itself says what was done.
        ports.log = StructuredLog(Logger(label: "reelgate") { _ in SwiftLogNoOpLogHandler() })
        let gateway = VideoGateway(settings: GatewaySettings(configuration.settings, catalog), ports: ports)
        do { try await gateway.clients.load() } catch {
            await store.close()
            throw CommandError(error.message)
        }
        let settings = APISettings(configuration.settings, publicURL: "http://localhost", addresses: [])
        let handler = GatewayHandler(
            gateway: gateway, observers: APIObservers(publicURL: settings.publicURL),
            settings: settings)
        let response = await handler.respond(to: Self.request(call))
        await store.close()
        if !call.isContinuation {
            let store = isNew ? "a new store was made" : "the store was used"
            StandardStream.error.line("note: no gateway is running, so \(store): \(location.absolutePath)")
        }
        return FetchResponse(response)
    }

    private func openStore(for call: OperatorCall) throws(CommandError) -> SQLiteTaskStore {
        // Only a client can be added before the first start: any other command is in the wrong folder.
        if call.method == "POST", call.path == GatewayPath.clients {
            try location.requireAccess()
        } else {
            try location.requireStore()
        }
        let path = location.path
        // Files that another user makes beside the store would keep the gateway from opening it.
        if let owner = FileOwner(of: path), owner.id != geteuid() {
            throw CommandError(
                "no gateway responds here, and the store \(path) belongs to \(owner)",
                remedy: "Run the command as that user, or start the gateway.")
        }
        do throws(StoreError) {
            return try SQLiteTaskStore.open(path: path, isBrief: true) {
                StandardStream.error.line("note: \($0)")
            }
        } catch {
            guard case .locked(let message) = error else { throw CommandError(error.message) }
            throw CommandError(
                message,
                remedy: "A running gateway is reached through its operator socket: is "
                    + "access.operator_socket false, or is it starting?",
                status: .unreachable)
        }
    }

    private static func request(_ call: OperatorCall) -> HTTPRequest {
        var head = RequestHead(
            method: call.method, path: call.path, query: call.query, authority: "localhost")
        head.fields.append("Accept", call.accept)
        if let body = call.body {
            head.fields.append("Content-Type", "application/json")
            head.contentLength = Int64(body.count)
        }
        var context = RequestContext(requestID: "operator", peer: RequestContext.unixPeer)
        context.principal = .operatorSocket(uid: geteuid())
        return HTTPRequest(head: head, body: call.body ?? [], context: context)
    }
}

extension FetchResponse {
    /// The status and the bytes of a response that was made in this process.
    fileprivate init(_ response: HTTPResponse) {
        var bytes: [UInt8] = []
        if case .bytes(let body) = response.body { bytes = body }
        self.init(status: response.status, body: bytes)
    }
}
