/// Migration 19: how many bytes the content of each task has, and the order of retention.
///
/// For tasks of earlier versions, the time at which they were completed is read from their history.
enum ArchiveMigration {
    static let statements = [
        "ALTER TABLE tasks ADD COLUMN content_bytes INTEGER NOT NULL DEFAULT 0",
        """
        UPDATE tasks SET
            completed = coalesce(completed,
                (SELECT max(at) FROM events WHERE task = tasks.sequence AND name = 'completed'), updated),
            content_bytes = CASE WHEN json_valid(results) THEN
                (SELECT coalesce(sum(json_extract(value, '$.bytes')), 0) FROM json_each(results)) ELSE 0 END
        WHERE state = 'completed'
        """,
        "DROP INDEX tasks_with_content",
        // With the bytes and its own condition, so that their sum is read from the index alone.
        """
        CREATE INDEX tasks_with_content ON tasks (completed, sequence, content_bytes, state, content_removed)
        WHERE \(StoreSchema.hasContent)
        """,
        "CREATE INDEX tasks_expiring ON tasks (content_expires) WHERE \(expires)",
    ]

    /// A query must contain exactly this text, or SQLite does not use the partial index for it.
    static let expires = "state = 'completed' AND content_removed = 0 AND content_expires IS NOT NULL"
}
