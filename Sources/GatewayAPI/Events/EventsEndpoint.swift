import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import VideoJobs

/// `GET /v1/events` and `GET /v1/tasks/{id}/events`: changes of tasks as they happen, as server-sent events.
struct EventsEndpoint: Sendable {
    let services: APIServices

    private static let lastEventID = "last_event_id"
    static let parameters = [
        QueryParameter("client"), QueryParameter("state", of: TaskState.self, "gateway.state"), resumption,
    ]
    static let taskParameters = [resumption]
    private static let resumption = QueryParameter(
        lastEventID, .anyText, "for clients that cannot send Last-Event-ID")

    /// All tasks that the caller may see.
    func respondForAll(to request: RouteRequest) throws(Problem) -> HTTPResponse {
        guard let storeID = services.gateway.storeID else {
            throw Problem(GatewayError.store(.unavailable("the gateway is starting")))
        }
        let query = try QueryReader(request.head.query, accepting: Self.parameters)
        var subscription = EventSubscription(.all, for: request, services.settings)
        subscription.client = try query.string("client")
        subscription.state = try query.choice("state", of: TaskState.self)
        var cursor = EventCursor.snapshot(EventSnapshot(.new, of: subscription))
        if let last = Self.lastEventID(request.head, query) {
            cursor = .snapshot(EventSnapshot(.unknownEvent, of: subscription))
            if let id = EventID(last), id.store == storeID {
                cursor = .resuming(after: id.sequence, isVerified: false, sent: 0)
            }
        }
        return try stream(subscription, from: cursor, storeID: storeID, request)
    }

    /// One task, until its last state.
    func respondForTask(to request: RouteRequest) async throws -> HTTPResponse {
        guard let view = try await services.gateway.task(request.id, for: request.caller) else {
            throw Problem.taskNotFound
        }
        return try respond(to: request, about: view.record)
    }

    /// The same; `nil` for a task that is not in memory.
    func respondAtOnceForTask(to request: RouteRequest) throws(Problem) -> HTTPResponse? {
        guard let record = services.gateway.cachedTask(request.id),
            request.caller.maySee(tasksOf: record.client)
        else { return nil }
        return try respond(to: request, about: record)
    }

    private func respond(to request: RouteRequest, about record: TaskRecord) throws(Problem) -> HTTPResponse {
        let query = try QueryReader(request.head.query, accepting: Self.taskParameters)
        let subscription = EventSubscription(.task(record.id), for: request, services.settings)
        var cursor = EventCursor.snapshot(EventSnapshot(.new, of: subscription))
        if let last = Self.lastEventID(request.head, query) {
            cursor = .snapshot(EventSnapshot(.unknownEvent, of: subscription))
            if let version = EventID.number(last[...]), (1...Int64(record.version)).contains(version) {
                // A browser connects again after the end; 204 is how it learns to stop.
                if record.state.isFinal, version == record.version { return HTTPResponse(status: 204) }
                cursor = .resuming(after: version, isVerified: true, sent: 0)
            }
        }
        return try stream(subscription, from: cursor, storeID: "", request)
    }

    private func stream(
        _ subscription: EventSubscription, from cursor: EventCursor, storeID: String, _ request: RouteRequest
    ) throws(Problem) -> HTTPResponse {
        guard let permit = services.gateway.streamLimiter.permit() else { throw .tooManyStreams }
        let pages = EventPages(
            gateway: services.gateway, responses: services.responses, storeID: storeID,
            subscription: subscription)
        let stream = EventStream(pages, from: cursor, services.events, permit)
        var fields = HTTPFields()
        fields.append("Content-Type", "text/event-stream")
        fields.append("Cache-Control", "no-store")
        // nginx would hold events back until its buffer is full.
        fields.append("X-Accel-Buffering", "no")
        return HTTPResponse(status: 200, fields: fields, body: .stream(stream))
    }

    /// The last event that the client has; `nil` if it names none. The query is for clients that cannot send
    /// the field with their first request.
    private static func lastEventID(_ head: RequestHead, _ query: QueryReader) -> String? {
        let field = head.fields.values("Last-Event-ID").joined(separator: ",")
        if !field.isEmpty { return field }
        return query.value(lastEventID).flatMap { $0.isEmpty ? nil : $0 }
    }
}
