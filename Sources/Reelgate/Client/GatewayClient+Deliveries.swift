import GatewayProtocol
import HTTPFetching
import JSONText

extension GatewayClient {
    /// Returns the webhooks and notices of a task, oldest first.
    func deliveries(of id: String) async throws -> [DeliveryReport] {
        try await deliveries(request("GET", GatewayPath.path(GatewayPath.deliveries, id: id)))
    }

    /// Has the last webhook of a task sent again. Returns its webhooks, oldest first.
    func redeliver(_ id: String) async throws -> [DeliveryReport] {
        try await deliveries(request("POST", GatewayPath.path(GatewayPath.redelivery, id: id)))
    }

    private func deliveries(_ request: FetchRequest) async throws -> [DeliveryReport] {
        let response = try await self.response(to: request)
        guard response.status == 200, let json = try? JSONValue(parsing: response.body, limits: Self.limits),
            let data = json[ListMember.data]?.array
        else { throw GatewayProblem(response) }
        return data.compactMap(DeliveryReport.init)
    }
}
