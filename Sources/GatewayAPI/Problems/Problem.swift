package import Gateway
package import GatewayProtocol
package import HTTPWire
package import VideoJobs

/// A failed request as HTTP reports it (RFC 9457): the only way from an error to a status.
package struct Problem: Error, Equatable, Sendable {
    package let code: ProblemCode
    /// The code's status, unless a provider's 4xx is kept.
    package var status: Int
    /// One sentence: what is wrong and, where it is not obvious, what to do.
    package var detail: String
    package var issues: [RequestIssue] = []
    /// Seconds; the code's default unless the cause knows better.
    package var retryAfter: Int?
    /// Further header fields of the response: `Allow`, `Content-Range`.
    package var fields = HTTPFields()
    /// The task that the failed request created or named.
    package var task: TaskID?
    /// The job with the limit that it exceeds.
    package var limit: LimitedJob?
    /// The removed video that was requested.
    package var expired: ExpiredContent?
    /// What to do, where that depends on more than the code.
    package var hint: String?
    /// Whether a blind second POST could buy a second video.
    package var forbidsRetry = false

    package init(_ code: ProblemCode, _ detail: String, status: Int? = nil) {
        self.code = code
        self.detail = detail
        self.status = status ?? code.status
        retryAfter = code.definition.retry.seconds
    }

    /// A problem whose one issue has the same code and message.
    package init(_ code: ProblemCode, _ detail: String, at location: IssueLocation) {
        self.init(code, detail)
        issues = [RequestIssue(location, code, detail)]
    }
}

extension Problem {
    /// A query parameter with an invalid value.
    package static func invalidParameter(_ name: String, _ message: String) -> Problem {
        Problem(.badRequest, message).adding(RequestIssue(.queryParameter(name), .notAllowed, message))
    }

    /// A header field with an invalid value.
    package static func invalidHeader(_ name: String, _ message: String) -> Problem {
        Problem(.badRequest, message).adding(RequestIssue(.header(name), .notAllowed, message))
    }

    /// No further stream or waiting request is accepted.
    package static let tooManyStreams = Problem(
        .tooManyStreams, "the gateway has as many event streams and waiting requests as limits.streams allows"
    )

    /// No task has this id.
    package static let taskNotFound = Problem(.notFound, "there is no such task")

    /// Returns the problem with one more issue.
    package func adding(_ issue: RequestIssue) -> Problem {
        var problem = self
        problem.issues.append(issue)
        return problem
    }

    /// Returns the same problem for a request whose job is durable.
    package func after(durable task: TaskID) -> Problem {
        var problem = self
        problem.task = task
        problem.forbidsRetry = true
        return problem
    }
}

extension Problem {
    /// The reason phrase of the status (RFC 9110 §15), because the problem type is `about:blank`.
    var title: String { HTTPStatus.reason(status) }

    /// The member `error.type`, by which SDKs of this API family choose an error class.
    var type: String {
        switch status {
        case 401: "authentication_error"
        case 402: "insufficient_quota"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// The detail and every issue, for clients that show one sentence only.
    var message: String {
        let messages = issues.map(\.message).filter { !detail.contains($0) }
        return messages.isEmpty ? detail : "\(detail): \(messages.joined(separator: "; "))"
    }

    /// The name of the first thing that is wrong: `duration`, `reference_image_urls[0]`.
    var parameter: String? { issues.first?.location.parameterName }
}
