/// Migration 16: the beginning of each job's prompt, also of tasks of earlier versions.
///
/// Beside the task, since reading a task must not read its payload.
enum PromptMigration {
    static let statements = [
        "ALTER TABLE tasks ADD COLUMN prompt TEXT",
        // `substr` counts characters as Unicode scalars.
        """
        UPDATE tasks SET prompt = (
            SELECT substr(json_extract(text, '$.prompt'), 1, 200)
            FROM (SELECT CAST(body AS TEXT) AS text FROM payloads WHERE task = tasks.sequence)
            WHERE json_valid(text) AND json_type(text, '$.prompt') = 'text'
        )
        """,
    ]
}
