/// A member name of a problem response's JSON document (RFC 9457, and the `error` object of this API family).
package enum ProblemMember: String, CaseIterable, Sendable {
    case type, title, status, detail, errors
    case requestID = "request_id"
    case taskID = "task_id"

    // `errors`; a problem as a whole may have a `hint` too
    case pointer, parameter, header, allowed, hint, line, column

    // `limit`
    case limit, name, max, microdollars, resets
    case leftMicrodollars = "left_microdollars"
    case priceMicrodollars = "price_microdollars"

    // `content`: a removed video
    case content, bytes, sha256, archived, removed
    case contentType = "content_type"

    // `error`; the members of `errors` have `code` and `message` too
    case error, message, code, param
}
