import Gateway
import GatewayProtocol
import HTTPServing
import JSONText
import VideoJobs

/// `POST /v1/submission/resume`: ends the pause that the reason in the body names.
struct ResumeEndpoint: Sendable {
    let services: APIServices

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        try Self.checkReason(request)
        guard try await services.gateway.resumeSubmission(for: request.caller) else {
            throw Problem(.notPaused, "submission is not paused because of an older store")
        }
        let page: JSONValue = [
            "object": "submission", "state": "open",
            "warnings": [
                """
                tasks and idempotency keys newer than the backup are lost: a client that repeats such a job \
                buys it again
                """
            ],
        ]
        return .json(page.serialized())
    }

    /// The caller names the reason, so that it ends no other pause than the one it saw.
    private static func checkReason(_ request: RouteRequest) throws(Problem) {
        let value = try JSONBody.parse(request)
        let names = value.object?.members.map(\.name) ?? []
        let reason = SubmissionPause.olderStore.rawValue
        if names.count == 1, value[SubmissionPause.member]?.string == reason { return }
        let message = "the body must be {\"\(SubmissionPause.member)\":\"\(reason)\"}"
        var issue = RequestIssue(.pointer("/\(SubmissionPause.member)"), .notAllowed, message)
        issue.allowed = [.string(reason)]
        throw Problem(.invalidParameters, message).adding(issue)
    }
}
