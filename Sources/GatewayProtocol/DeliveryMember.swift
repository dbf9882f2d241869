/// A member name of a delivery's JSON document.
package enum DeliveryMember: String, CaseIterable, Sendable {
    case object, id, kind, type, template, state, created, next, attempts

    // A notice's
    case urlFile = "url_file"

    // `attempts`
    case number, at, status, error
    case milliseconds = "duration_ms"
}
