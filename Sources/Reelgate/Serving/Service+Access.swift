import Gateway
import GatewayAPI
import Glibc
import HTTPServing
import Transport
import VideoJobs

extension Service {
    /// Listens on the operator socket, if the settings have one. Called with the store open, so that no other
    /// gateway uses the socket. Throws an error for the operator.
    static func listenForOperators(
        _ settings: Settings, on server: HTTPServer, _ failures: AuthenticationLog
    ) async throws {
        guard let path = settings.operatorSocketPath else { return }
        let rules = OperatorSocket(users: [geteuid(), 0]) { failures.record(rejectedUser: $0) }
        do {
            try await server.listen(onPathOf: ListenEndpoint(rules, path: path))
        } catch let failure as ListenError {
            throw CommandError(
                failure.description,
                remedy: "Move the store to a folder where the gateway can make a socket, or set "
                    + "access.operator_socket: false.")
        }
    }
}

extension Service {
    /// Logs what `check` reports as a fault: clients with a budget whose models have no price. Their jobs are
    /// refused.
    static func warnOfUnpricedModels(
        _ gateway: VideoGateway, _ catalog: ModelCatalog, _ file: String, _ log: StructuredLog
    ) {
        let check = PriceCheck(catalog: catalog, file: file, clients: gateway.clients.clients)
        for issue in check.issues {
            log.warning(.configurationWarning, "configuration warning", metadata: ["reason": "\(issue)"])
        }
    }
}

extension UnauthorizedPolicy {
    /// Delays a response by a timer of a loop.
    init(on loop: EventLoop, _ failures: AuthenticationLog) {
        self.init(
            sleep: { await loop.sleep(for: $0) }, report: { failures.record($1, from: $0) })
    }
}
