import Gateway
import GatewayProtocol
import HTTPServing
import JSONText
import VideoJobs

/// `POST /v1/tasks/{id}/review`: accepts or rejects the video of a completed task.
struct ReviewEndpoint: Sendable {
    let services: APIServices

    private static let verdict = TaskMember.verdict.rawValue
    private static let note = TaskMember.note.rawValue

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let review = try Self.review(request)
        let gateway = services.gateway
        guard let known = try await gateway.task(request.id, for: request.caller) else {
            throw Problem.taskNotFound
        }
        switch try await gateway.review(known.record.id, review, for: request.caller) {
        case .reviewed(let view): return services.responses.response(for: view).ok
        case .notCompleted(let view): throw Problem.notCompleted(view.record)
        case nil: throw Problem.taskNotFound
        }
    }

    private static func review(_ request: RouteRequest) throws(Problem) -> TaskReview {
        let value = try JSONBody.parse(request)
        let members = value.object?.members.map(\.name) ?? []
        let shape = "{\"\(verdict)\":\"accepted\" or \"rejected\",\"\(note)\":TEXT}"
        guard value.object != nil, members.allSatisfy({ $0 == verdict || $0 == note }) else {
            throw Problem(.invalidParameters, "the body must be \(shape)", at: .pointer(""))
        }
        guard let found = value[verdict]?.string.flatMap(TaskReview.Verdict.init) else {
            let message = "\(verdict) must be accepted or rejected"
            var issue = RequestIssue(.pointer("/\(verdict)"), .notAllowed, message)
            issue.allowed = TaskReview.Verdict.allCases.map { .string($0.rawValue) }
            throw Problem(.invalidParameters, message).adding(issue)
        }
        return TaskReview(found, note: try Self.note(in: value))
    }

    private static func note(in value: JSONValue) throws(Problem) -> String? {
        guard let member = value[note], member != .null else { return nil }
        guard let text = member.string, (1...TaskReview.noteMax).contains(text.utf8.count) else {
            throw Problem(
                .invalidParameters, "\(note) must be a string of 1 to \(TaskReview.noteMax) bytes",
                at: .pointer("/\(note)"))
        }
        return text
    }
}

extension Problem {
    fileprivate static func notCompleted(_ record: TaskRecord) -> Problem {
        var problem = Problem(
            .notReady, "only a completed task can be reviewed; this one is \(record.state.rawValue)")
        if !record.state.isOpen { problem.retryAfter = nil }
        problem.task = record.id
        return problem
    }
}
