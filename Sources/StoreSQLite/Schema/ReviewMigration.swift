/// Migration 13: reviews of completed tasks.
enum ReviewMigration {
    static let statements = ["tasks", "events"].flatMap { table in
        [
            "ALTER TABLE \(table) ADD COLUMN review TEXT",
            "ALTER TABLE \(table) ADD COLUMN review_note TEXT",
        ]
    }
}
