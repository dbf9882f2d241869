import HTTPWire

/// The header fields of a POST that say how to treat its job.
struct SubmissionOptions: Equatable, Sendable {
    var preference: SubmissionPreference
    var key: IdempotencyKey?

    init(_ head: RequestHead) throws(Problem) {
        preference = SubmissionPreference(Preferences(head.fields.values("Prefer")))
        key = try IdempotencyKey(head.fields)
    }
}
