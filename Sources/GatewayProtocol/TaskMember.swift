/// A member name of a task's JSON document.
package enum TaskMember: String, CaseIterable, Sendable {
    case id, object, type, created, model, status, progress, usage

    // `task_info`
    case taskInfo = "task_info"
    case canCancel = "can_cancel"
    case estimatedTime = "estimated_time"

    // `results`
    case results, url, bytes, sha256, verified
    case contentType = "content_type"
    case contentCredentials = "content_credentials"

    // `error`
    case error, code, message

    // `gateway`
    case gateway, state, prompt, version, attempts, updated, client, slow
    case providerTaskID = "provider_task_id"
    case queuePosition = "queue_position"
    case contentExpires = "content_expires"
    case contentRemoved = "content_removed"

    // `gateway.price`, which also has `state`
    case price, microdollars
    case earlierMicrodollars = "earlier_microdollars"

    // `gateway.review`
    case review, verdict, note

    // `gateway.waiting`, which also has `code` and `message`
    case waiting, next

    // `gateway.warnings`, which have `code` and `message`
    case warnings

    // `gateway.evidence`, which also has `status`
    case evidence, attempt, sent, lost, words
    case bytesSent = "bytes_sent"
    case providerRequestID = "provider_request_id"
}
