import Gateway
import GatewayProtocol

// The routes of tasks.
extension RouteList {
    static func tasks(_ services: APIServices) -> [Route] {
        [
            Route(
                method: "GET", path: GatewayPath.tasks, link: "tasks", summary: "tasks, newest first",
                parameters: TaskListEndpoint.parameters,
                responses: RouteResponses(problems: [.notFound]),
                operation: APIOperation("listTasks", .tasks, content: [.json(.taskList)]),
                handler: .asynchronous(TaskListEndpoint(services: services).respond)),
            Route(
                method: "GET", path: GatewayPath.task, link: "task",
                summary: "the task, from the gateway's own state; `ETag`; `wait=N` or `Prefer: wait=N` waits"
                    + " for a change",
                parameters: TaskEndpoint.parameters,
                responses: RouteResponses(statuses: [200, 304], problems: [.notFound, .tooManyStreams]),
                canWait: true,
                operation: APIOperation(
                    "getTask", .tasks, reading: [.ifNoneMatch, .prefer], content: [.json(.task)],
                    responseFields: [.entityTag, .preferenceApplied]),
                handler: .asynchronous(TaskEndpoint(services: services).respond)),
            content(services), cancellation(services), review(services),
        ]
    }

    private static func content(_ services: APIServices) -> Route {
        Route(
            method: "GET", path: GatewayPath.content, link: "content",
            summary: "the video: `Range`, `ETag` (its SHA-256); an attachment if its `verified` is false",
            parameters: ContentEndpoint.parameters,
            responses: RouteResponses(
                statuses: [200, 206, 304, 307],
                problems: [
                    .notFound, .notReady, .expired, .preconditionFailed, .rangeNotSatisfiable,
                    .archiveUnavailable,
                ]),
            operation: APIOperation(
                "getContent", .tasks, reading: [.range, .ifRange, .ifNoneMatch],
                content: [.media("video/*"), .media("image/*"), .media("application/octet-stream")],
                responseFields: [
                    .entityTag, .acceptRanges, .contentRange, .contentDisposition, .location,
                ]),
            handler: .asynchronous(ContentEndpoint(services: services).respond))
    }

    private static func cancellation(_ services: APIServices) -> Route {
        Route(
            method: "POST", path: GatewayPath.cancel, link: "cancel",
            summary: "withdraws a job that was not sent yet", action: .cancel, body: .optionalJSON,
            responses: RouteResponses(problems: [.notFound, .cannotCancel, .unsupportedMediaType]),
            operation: APIOperation("cancelTask", .tasks, content: [.json(.task)]),
            handler: .asynchronous(CancelEndpoint(services: services).respond))
    }

    private static func review(_ services: APIServices) -> Route {
        Route(
            method: "POST", path: GatewayPath.review, link: "review",
            summary: "`{\"verdict\":\"accepted\"}` or `rejected`, with a `note`: judges a completed task",
            action: .review, body: .json,
            responses: RouteResponses(
                problems: [
                    .malformedJSON, .unsupportedMediaType, .invalidParameters, .notFound, .notReady,
                ]),
            operation: APIOperation("reviewTask", .tasks, body: .review, content: [.json(.task)]),
            handler: .asynchronous(ReviewEndpoint(services: services).respond))
    }

    static func record(_ services: APIServices) -> Route {
        Route(
            method: "GET", path: GatewayPath.record, link: "record",
            summary: "the job as sent, model, provider ids, history, price and SHA-256, in one document",
            responses: RouteResponses(problems: [.notFound]),
            operation: APIOperation("getRecord", .tasks, content: [.json(.record)]),
            handler: .asynchronous(RecordEndpoint(services: services).respond))
    }
}
