/// A member name of a delivery's JSON document.
package enum DeliveryMember: String, CaseIterable, Sendable {
    case object, id, kind, type, template, state, created, next, attempts

    // `attempts`
    case number, at, status, error
    case milliseconds = "duration_ms"
}
