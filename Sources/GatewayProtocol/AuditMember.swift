/// A member name of a record of the audit.
package enum AuditMember: String, CaseIterable, Sendable {
    case object, id, at, actor, action, decision, client, task, price, detail, prompt
    case requestID = "request_id"

    // `price`
    case microdollars
}
