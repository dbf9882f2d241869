import Foundation
import Gateway
import GRDB
import VideoJobs

/// Writes of callbacks and deliveries, inside the writer's transaction.
enum DeliveryMutations {
    /// Stores where the ends of a task are reported, if it has a callback.
    static func insert(_ callback: TaskCallback?, of task: Int64, in db: Database) throws {
        guard let callback else { return }
        let statement = try db.cachedStatement(sql: DeliveryTable.insertionOfCallback)
        try statement.execute(arguments: [task, callback.url, callback.traceparent])
    }

    /// Stores the delivery of a change, if there is one and its task has a callback.
    static func insert(_ new: NewDelivery?, of task: Int64, _ change: TaskChange, in db: Database) throws {
        guard let new else { return }
        let callback = try db.cachedStatement(sql: DeliveryTable.callback)
        guard let row = try Row.fetchOne(callback, arguments: [task]) else { return }
        let record = change.record
        let delivery = Delivery(
            id: DeliveryID(taskID: record.id, version: record.version), type: new.type,
            callback: TaskCallback(url: try row.decode(atIndex: 0), traceparent: try row.decode(atIndex: 1)),
            created: change.event.at, body: new.body())
        let statement = try db.cachedStatement(sql: DeliveryTable.insertion)
        try statement.execute(arguments: [
            task, record.version, delivery.type.rawValue, delivery.callback.host,
            delivery.created.milliseconds, Data(delivery.body), delivery.state.rawValue, delivery.failures,
            delivery.next?.milliseconds, nil,
        ])
    }

    /// Writes what may change of a delivery.
    static func update(_ delivery: Delivery, of task: Int64, in db: Database) throws {
        let attempts = delivery.attempts.map { StoredAttempt($0) }
        let statement = try db.cachedStatement(sql: DeliveryTable.update)
        try statement.execute(arguments: [
            delivery.state.rawValue, delivery.failures, delivery.next?.milliseconds,
            StoredList.text(of: attempts), task, delivery.id.version,
        ])
    }
}
