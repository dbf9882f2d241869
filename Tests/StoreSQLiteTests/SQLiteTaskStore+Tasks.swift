import VideoJobs

@testable import StoreSQLite

extension SQLiteTaskStore {
    /// Returns all unfinished tasks without a claim, which would be a write.
    func unfinishedTasks() async throws -> [TaskRecord] {
        try await readers.read { db in try TaskReads.tasksWithWork(after: nil, limit: 10_000, in: db) }
    }
}
