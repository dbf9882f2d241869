import Foundation
import Gateway
import GRDB
import VideoJobs

/// Writes of callbacks and webhooks, inside the writer's transaction.
enum DeliveryMutations {
    /// Stores where the ends of a task are reported, if it has a callback.
    static func insert(_ callback: TaskCallback?, of task: Int64, in db: Database) throws {
        guard let callback else { return }
        let statement = try db.cachedStatement(sql: DeliveryTable.insertionOfCallback)
        try statement.execute(arguments: [task, callback.url, callback.trace])
    }

    /// Stores the webhook of a change, if there is one and its task has a callback.
    static func insert(_ new: NewDelivery?, of task: Int64, _ change: TaskChange, in db: Database) throws {
        guard let new else { return }
        let reading = try db.cachedStatement(sql: DeliveryTable.callback)
        guard let found = try Row.fetchOne(reading, arguments: [task]) else { return }
        let callback = TaskCallback(
            url: try found.decode(atIndex: 0), trace: try found.decode(atIndex: 1))
        let now = change.event.at.milliseconds
        let statement = try db.cachedStatement(sql: DeliveryTable.insertion)
        try statement.execute(arguments: [
            task, change.record.version, new.type.rawValue, callback.host, now, Data(new.body()),
            DeliveryState.pending.rawValue, 0, now, nil,
        ])
    }

    /// Writes what may change of a webhook.
    static func update(_ delivery: Delivery, of task: Int64?, version: Int, in db: Database) throws {
        let attempts = delivery.attempts.map { StoredAttempt($0) }
        let statement = try db.cachedStatement(sql: DeliveryTable.update)
        try statement.execute(arguments: [
            delivery.state.rawValue, delivery.failures, delivery.next?.milliseconds,
            StoredList.text(of: attempts), task, version,
        ])
    }
}
