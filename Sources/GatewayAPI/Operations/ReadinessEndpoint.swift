import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// `GET /readyz`: whether the gateway can take jobs, and why not.
struct ReadinessEndpoint: Sendable {
    let services: APIServices

    private static let verbose = "verbose"
    static let parameters = [QueryParameter(verbose, .anyText, "details, for operators")]

    private static let ready = HTTPResponse.json(Array(#"{"status":"ready"}"#.utf8))

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let gateway = services.gateway
        let query = try QueryReader(request.head.query, accepting: Self.parameters)
        let isVerbose = query.value(Self.verbose) != nil
        if isVerbose, !request.caller.isOperator {
            throw Problem(.forbidden, "only an operator may see details")
        }
        // The archive is probed only on request.
        await gateway.probeArchive()
        // A provider's "too many requests" is ordinary queueing: jobs can be taken.
        let issues = gateway.readinessIssues().filter { $0.code != BlockReason.rateLimited.rawValue }
        guard issues.isEmpty else { throw Problem.notReady(issues) }
        var warnings = gateway.warnings()
        if isVerbose {
            if let issue = await gateway.spendIssue() { warnings.append(issue) }
            warnings += gateway.modelWarnings()
        }
        return warnings.isEmpty ? Self.ready : Self.ready(warnings)
    }

    private static func ready(_ warnings: [ReadinessIssue]) -> HTTPResponse {
        let list = warnings.map { warning -> JSONValue in
            ["code": .string(warning.code), "message": .string(warning.message)]
        }
        let page = JSONValue.object([
            ReadinessMember.status.rawValue: .string(ReadinessMember.ready),
            ReadinessMember.warnings.rawValue: .array(list),
        ])
        return .json(page.serialized())
    }
}
