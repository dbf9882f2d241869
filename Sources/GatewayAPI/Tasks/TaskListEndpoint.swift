import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// `GET /v1/tasks`: a page of tasks, newest first.
struct TaskListEndpoint: Sendable {
    let services: APIServices

    static let limits = 1...100
    static let defaultLimit = 20
    static let parameters = [
        QueryParameter("limit", .integers(limits), "tasks of a page; \(defaultLimit) without it"),
        QueryParameter("after", .pattern(TaskID.pattern), "the page after this task: next of the last page"),
        QueryParameter("status", of: TaskStatus.self), QueryParameter("model"), QueryParameter("client"),
        QueryParameter("state", of: TaskState.self, "gateway.state"),
    ]

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let query = try await taskQuery(request)
        let page = try await services.gateway.tasks(matching: query, for: request.caller)
        var writer = JSONWriter(reserving: 1024 * (page.views.count + 1))
        writer.beginObject()
        writer.member(ListMember.object.rawValue, "list")
        writer.name(ListMember.data.rawValue)
        writer.beginArray()
        for view in page.views { writer.raw(services.responses.response(for: view).json) }
        writer.endArray()
        writer.name(ListMember.hasMore.rawValue)
        writer.bool(page.hasMore)
        writer.member(ListMember.next.rawValue, page.hasMore ? page.views.last?.record.id.text : nil)
        writer.endObject()
        return .json(writer.bytes)
    }

    private func taskQuery(_ request: RouteRequest) async throws -> TaskQuery {
        let given = try QueryReader(request.head.query, accepting: Self.parameters)
        var query = TaskQuery(limit: try given.integer("limit", in: Self.limits) ?? Self.defaultLimit)
        query.status = try given.choice("status", of: TaskStatus.self)
        query.state = try given.choice("state", of: TaskState.self)
        query.model = try given.string("model")
        query.client = try given.string("client")
        if let after = try given.string("after") {
            guard let last = try await services.gateway.task(after, for: request.caller) else {
                throw TaskID.isWellFormed(after)
                    ? Problem.taskNotFound
                    : Problem.invalidParameter("after", "after is not the id of a task")
            }
            query.after = last.record.id
        }
        return query
    }
}
