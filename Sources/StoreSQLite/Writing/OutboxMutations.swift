import Foundation
import Gateway
import GRDB
import VideoJobs

/// Writes to the outbox, inside the writer's transaction.
enum OutboxMutations {
    /// Inserts messages of the task in a row of `tasks`.
    static func insert(
        _ messages: [OutboxMessage], of task: Int64, at time: Timestamp, in db: Database
    ) throws {
        guard !messages.isEmpty else { return }
        let size = try Int64.fetchOne(try db.cachedStatement(sql: OutboxTable.size)) ?? 0
        guard size < OutboxMessage.rowsMax else {
            throw StoreError.oneTask(
                "the outbox holds \(size) messages: the service that reads them is behind")
        }
        let statement = try db.cachedStatement(sql: OutboxTable.insertion)
        for message in messages {
            try statement.execute(arguments: [
                message.kind, task, time.milliseconds, Data(message.payload),
            ])
        }
    }

    static func remove(_ ids: [Int64], in db: Database) throws {
        let statement = try db.cachedStatement(sql: OutboxTable.removal)
        for id in ids { try statement.execute(arguments: [id]) }
    }
}
