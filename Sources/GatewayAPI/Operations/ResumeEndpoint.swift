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
        case .spend: return try await resumeSpending(for: request.caller)
        }
    }

    /// Responds with the day's ceiling as it was, and as it is now.
    private func resumeSpending(for caller: Caller) async throws -> HTTPResponse {
        let before = try await services.gateway.ceilingUsage().day
        guard let before, try await services.gateway.resumeSpending(for: caller) else {
            throw Problem(.notPaused, "the gateway has no spend ceiling for a day")
        }
        let day = try await services.gateway.ceilingUsage().day
        return Self.response(ceilings: [("before", before), ("day", day)])
    }

    private static func response(
        warnings: [String] = [], ceilings: [(name: String, day: CeilingUsage.Day?)] = []
    ) -> HTTPResponse {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.member("object", "submission")
        writer.member("state", "open")
        writer.name("warnings")
        writer.beginArray()
        for warning in warnings { writer.string(warning) }
        writer.endArray()
        for (name, day) in ceilings {
            guard let day else { continue }
            writer.name(name)
            writer.write(day)
        }
        writer.endObject()
        return .json(writer.bytes)
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
