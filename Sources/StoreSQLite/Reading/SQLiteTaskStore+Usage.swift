package import Gateway

extension SQLiteTaskStore: UsageStore {
    package func usage(matching query: UsageQuery) async throws(StoreError) -> [String: UsageSum] {
        try await readers.read { db in try UsageReads.usage(query, in: db) }
    }

    package func openTasks() async throws(StoreError) -> [String: Int] {
        try await readers.read { db in try UsageReads.openTasks(db) }
    }

    package func totals() async throws(StoreError) -> TaskTotals {
        try await readers.read { db in try TaskTotalsTable.totals(in: db) }
    }
}
