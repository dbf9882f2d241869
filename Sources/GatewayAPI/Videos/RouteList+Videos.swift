import Gateway
import GatewayProtocol

// The routes of jobs.
extension RouteList {
    static func generations(_ services: APIServices) -> Route {
        Route(
            method: "POST", path: GatewayPath.generations, link: "submit",
            summary: """
                200 and the task. `Prefer: respond-async`: 202 as soon as the job is durable. \
                `Prefer: wait=N`: waits for its end. `Idempotency-Key`: the same job again joins the same \
                task, with `Idempotent-Replayed: true`
                """,
            action: .submit, body: .json,
            responses: RouteResponses(
                statuses: [200, 202],
                problems: [
                    .malformedJSON, .unsupportedMediaType, .invalidParameters, .unknownModel, .modelRetired,
                    .modelNotAllowed, .budgetExhausted, .spendCeiling, .tooManyTasks,
                    .callbackNotAllowed, .idempotencyKeyReused, .providerRefused, .outcomeUnknown,
                    .providerCredentialsRejected, .providerQuotaExhausted, .providerUnreachable,
                    .archiveUnavailable, .storeRestored,
                ]),
            canWait: true,
            operation: APIOperation(
                "submitJob", .videos, reading: [.idempotencyKey, .prefer, .traceparent], body: .job,
                content: [.json(.task)],
                responseFields: [
                    .location, .retryAfter, .preferenceApplied, .idempotentReplayed, .shouldRetry,
                    .serverTiming, .deprecation, .sunset, .link,
                ],
                links: APILink.task(
                    "getTask", "getContent", "cancelTask", "getRecord", "listDeliveries", "reviewTask")),
            handler: .asynchronous(GenerationEndpoint(services: services).respond))
    }

    static func quote(_ services: APIServices) -> Route {
        Route(
            method: "POST", path: GatewayPath.quote, link: "quote",
            summary: "what a job would cost, its position in the queue, and every issue; buys nothing",
            body: .json, responses: RouteResponses(problems: [.malformedJSON, .unsupportedMediaType]),
            operation: APIOperation(
                "quoteJob", .videos, body: .quotedJob, content: [.json(.quote)],
                responseFields: [.deprecation, .sunset, .link]),
            handler: .asynchronous(QuoteEndpoint(services: services).respond))
    }
}
