/// A code of an element of the member `errors`, as far as this module finds it; `JobIssue` has those of a
/// job.
package enum IssueCode: String, Sendable {
    case notAllowed = "not_allowed"
    case required
    case wrongType = "wrong_type"
    case unknownField = "unknown_field"
    case unknownParameter = "unknown_parameter"
}
