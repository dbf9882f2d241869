/// A pause of submission that a person has to end, as the member `reason` of the call that ends it.
package enum SubmissionPause: String, CaseIterable, Sendable {
    /// The store was restored from a backup.
    case olderStore = "older_store"
    /// The spend ceiling of the day refuses jobs.
    case spend

    /// The member's name.
    package static let member = "reason"
}
