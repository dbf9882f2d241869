/// Migration 15: when the submissions of resubmitted tasks were ordered.
///
/// Tasks that were resubmitted by earlier versions have no times: their prices count for the admission.
enum ResubmissionMigration {
    static let statements = [
        "ALTER TABLE tasks ADD COLUMN resubmitted INTEGER",
        "ALTER TABLE tasks ADD COLUMN earlier_submitted INTEGER",
        "CREATE INDEX tasks_resubmitted ON tasks (resubmitted) WHERE \(isResubmitted)",
    ]

    /// A query must contain exactly this text, or SQLite does not use the partial index for it.
    static let isResubmitted = "resubmitted IS NOT NULL"
}
