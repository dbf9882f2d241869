/// Migration 10: prices of tasks, and what limits of clients and budgets are computed from.
///
/// Tasks of earlier versions have no price, and events of then none in their snapshots.
enum PriceMigration {
    static let statements = [
        "ALTER TABLE tasks ADD COLUMN price INTEGER",
        "ALTER TABLE tasks ADD COLUMN price_state TEXT CHECK (\(anyState))",
        "ALTER TABLE tasks ADD COLUMN earlier_price INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE events ADD COLUMN price_state TEXT",
        "ALTER TABLE events ADD COLUMN earlier_price INTEGER",
        "ALTER TABLE store ADD COLUMN spend_resumed INTEGER",
        "CREATE INDEX tasks_by_price ON tasks (client, created, price_state, price, earlier_price)",
        "CREATE INDEX tasks_open_by_client ON tasks (client) WHERE \(isOpen)",
    ]

    /// A query must contain exactly this text, or SQLite does not use the partial index for it.
    static let isOpen =
        "state = 'queued' OR state = 'sending' OR state = 'running' OR state = 'archiving'"

    // Not `IN`, for which SQLite fills a temporary table in every write.
    private static let anyState = ["reserved", "spent", "freed", "held"]
        .map { "price_state = '\($0)'" }.joined(separator: " OR ")
}
