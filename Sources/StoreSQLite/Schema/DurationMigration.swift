/// Migration 18: the resolution of each task, and what its duration is computed from.
///
/// Tasks of earlier versions have none of them, and nothing is learned from those.
enum DurationMigration {
    static let statements = [
        "ALTER TABLE tasks ADD COLUMN resolution TEXT",
        "ALTER TABLE tasks ADD COLUMN accepted INTEGER",
        "ALTER TABLE tasks ADD COLUMN completed INTEGER",
        "ALTER TABLE tasks ADD COLUMN slow INTEGER",
        "ALTER TABLE events ADD COLUMN slow INTEGER",
    ]
}
