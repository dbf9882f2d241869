import Gateway
import GatewayProtocol
import VideoJobs

/// The check that a name without records is a client and not misspelled.
struct ClientSearch: Sendable {
    let gateway: OperatorGateway

    /// Throws if no client has the name and none ever had: it is neither known nor in the audit or a task.
    func requireClient(_ name: String) async throws {
        if Client.reservedNames.contains(name) { return }
        var call = OperatorCall("GET", GatewayPath.clients)
        call.isContinuation = true
        let known = try await gateway.clients(call).map(\.name)
        if known.contains(name) { return }
        if try await hasRecords(name) { return }
        let nearest = NearestName.find(name, among: known)
        throw CommandError(
            "there is no client \(PrintableText.line(name))",
            remedy: nearest.map { "Did you mean \($0)? reelgate clients list shows all." }
                ?? "reelgate clients list shows the existing clients.")
    }

    /// Whether a task or the audit names a client that is not known any more.
    private func hasRecords(_ name: String) async throws -> Bool {
        let queries: [(path: String, query: [(name: String, value: String)])] = [
            (GatewayPath.audit, [("client", name), ("limit", "1")]),
            (GatewayPath.usage, [("client", name), ("since", "0")]),
        ]
        for (path, query) in queries {
            var call = OperatorCall(reading: path, query)
            call.isContinuation = true
            if try await !gateway.page(call).documents.isEmpty { return true }
        }
        return false
    }
}
