/// Migration 23: whether content was fetched, and whether its removal was announced.
///
/// Content of earlier versions counts as fetched, because nobody knows.
enum FetchMigration {
    static let statements =
        ["tasks", "events"].flatMap { table in
            [
                "ALTER TABLE \(table) ADD COLUMN fetched INTEGER",
                "ALTER TABLE \(table) ADD COLUMN removal_warned INTEGER",
            ]
        } + [
            "UPDATE tasks SET fetched = coalesce(completed, updated) WHERE state = 'completed'",
            "CREATE INDEX tasks_unnoticed ON tasks (content_expires) WHERE \(unnoticed)",
        ]

    /// A query must contain exactly this text, or SQLite does not use the partial index for it.
    static let unnoticed = """
        state = 'completed' AND content_removed = 0 AND content_expires IS NOT NULL AND fetched IS NULL \
        AND removal_warned IS NULL
        """
}
