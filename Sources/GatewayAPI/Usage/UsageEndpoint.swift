import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import VideoJobs

/// `GET /v1/usage`: what was spent, reserved and held, and what is left.
struct UsageEndpoint: Sendable {
    let services: APIServices

    static let parameters = [
        QueryParameter("by", of: UsageGrouping.self, "what each sum is about; client without it"),
        QueryParameter("client"),
        QueryParameter(
            "since", .integers(AuditEndpoint.times), "seconds since 1970; the present month without it"),
    ]

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let given = try QueryReader(request.head.query, accepting: Self.parameters)
        let client = try given.string("client")
        if let client, !request.caller.maySee(tasksOf: client) {
            throw Problem(.forbidden, "only an operator may see the usage of other clients")
        }
        let since = try given.integer("since", in: AuditEndpoint.times)
        let report = try await services.gateway.usage(
            since: since.map { Timestamp(milliseconds: Int64($0) * 1000) }, client: client,
            by: try given.choice("by", of: UsageGrouping.self) ?? .client, for: request.caller)
        let ceilings = request.caller.isOperator ? try await services.gateway.ceilingUsage() : nil
        return Self.response(report, ceilings, AcceptedTypes(request.head.fields.values("Accept")))
    }

    private static func response(
        _ report: UsageReport, _ ceilings: CeilingUsage?, _ accepted: AcceptedTypes
    ) -> HTTPResponse {
        var response = HTTPResponse.json(report.json(ceilings))
        if accepted.quality(of: "text", "csv") > accepted.quality(of: "application", "json") {
            response = HTTPResponse.csv(report.csv)
        }
        response.fields.append("Vary", "Accept")
        return response
    }
}
