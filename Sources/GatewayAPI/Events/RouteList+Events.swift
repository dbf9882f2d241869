import GatewayProtocol

extension RouteList {
    /// The event streams.
    static func events(_ services: APIServices) -> [Route] {
        let events = EventsEndpoint(services: services)
        return [
            Route(
                method: "GET", path: GatewayPath.taskEvents, link: "task_events",
                summary: "server-sent events: the task at each change, until its end; resumes after"
                    + " `Last-Event-ID`",
                parameters: EventsEndpoint.taskParameters,
                responses: RouteResponses(statuses: [200, 204], problems: [.notFound, .tooManyStreams]),
                operation: APIOperation(
                    "followTask", .events, reading: [.lastEventID], content: [.media("text/event-stream")]),
                handler: .eager(events.respondAtOnceForTask, otherwise: events.respondForTask)),
            Route(
                method: "GET", path: GatewayPath.events, link: "events",
                summary: "the same for all tasks that the client may see; begins with their present states",
                parameters: EventsEndpoint.parameters,
                responses: RouteResponses(problems: [.tooManyStreams]),
                operation: APIOperation(
                    "followTasks", .events, reading: [.lastEventID],
                    content: [.media("text/event-stream")]),
                handler: .immediate(events.respondForAll)),
        ]
    }
}
