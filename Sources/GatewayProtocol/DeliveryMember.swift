/// A member name of a webhook delivery's JSON document.
package enum DeliveryMember: String, CaseIterable, Sendable {
    case object, id, type, state, created, next, attempts

    // `attempts`
    case number, at, status, error
    case milliseconds = "duration_ms"
}
