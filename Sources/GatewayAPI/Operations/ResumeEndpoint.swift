import Gateway
import GatewayProtocol
import HTTPServing
import JSONText
import VideoJobs

/// `POST /v1/submission/resume`: ends the pause that the reason in the body names.
struct ResumeEndpoint: Sendable {
    let services: APIServices

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        switch try Self.reason(request) {
        case .olderStore:
            guard try await services.gateway.resumeSubmission(for: request.caller) else {
                throw Problem(.notPaused, "submission is not paused because of an older store")
            }
            return Self.response(
                warnings: [
                    """
                    tasks and idempotency keys newer than the backup are lost: a client that repeats such a \
                    job buys it again
                    """
                ])
        case .spend:
            guard try await services.gateway.resumeSpending(for: request.caller) else {
                throw Problem(.notPaused, "the gateway has no spend ceiling for a day")
            }
            return Self.response(warnings: [])
        }
    }

    private static func response(warnings: [String]) -> HTTPResponse {
        let page: JSONValue = [
            "object": "submission", "state": "open", "warnings": .array(warnings.map { .string($0) }),
        ]
        return .json(page.serialized())
    }

    /// The caller names the reason, so that it ends no other pause than the one it saw.
    private static func reason(_ request: RouteRequest) throws(Problem) -> SubmissionPause {
        let value = try JSONBody.parse(request)
        let names = value.object?.members.map(\.name) ?? []
        let reason = value[SubmissionPause.member]?.string.flatMap(SubmissionPause.init(rawValue:))
        if names.count == 1, let reason { return reason }
        let reasons = SubmissionPause.allCases.map(\.rawValue)
        let message =
            "the body must be {\"\(SubmissionPause.member)\":\"…\"} with \(reasons.joined(separator: " or "))"
        var issue = RequestIssue(.pointer("/\(SubmissionPause.member)"), .notAllowed, message)
        issue.allowed = reasons.map { .string($0) }
        throw Problem(.invalidParameters, message).adding(issue)
    }
}
