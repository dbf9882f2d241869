import Foundation
import Gateway
import GRDB
import VideoJobs

/// Reads of webhooks, and of what is pending. Each is one statement.
enum DeliveryReads {
    private static let pageMax = 1_000

    static func pending(
        excluding hosts: Set<String>, limit: Int, in db: Database
    ) throws -> [PendingDelivery] {
        let statement = try db.cachedStatement(sql: DeliveryTable.pending(excluding: hosts.count))
        let arguments = StatementArguments(hosts) + StatementArguments(hosts) + [bounded(limit)]
        return try Array(
            Row.fetchCursor(statement, arguments: arguments).map { row in
                PendingDelivery(
                    id: try id(row), host: try row.decode(atIndex: 2),
                    next: Timestamp(milliseconds: try row.decode(atIndex: 3)))
            })
    }

    static func delivery(_ id: DeliveryID, in db: Database) throws -> Delivery? {
        switch id {
        case .webhook(let task, let version): try deliveries([task.text, version, 1], in: db).first
        case .notice(let number): try NoticeReads.notice(number, in: db)
        }
    }

    /// Returns the last webhooks of a task, newest first.
    static func deliveries(of task: TaskID, limit: Int, in db: Database) throws -> [Delivery] {
        try deliveries([task.text, -1, bounded(limit)], in: db)
    }

    private static func deliveries(_ arguments: StatementArguments, in db: Database) throws -> [Delivery] {
        let statement = try db.cachedStatement(sql: DeliveryTable.ofTask)
        return try Array(Row.fetchCursor(statement, arguments: arguments).map { try delivery($0) })
    }

    private static func id(_ row: Row) throws -> DeliveryID {
        guard let task = try row.decode(String?.self, atIndex: 0) else {
            return .notice(try row.decode(atIndex: 1))
        }
        return .webhook(TaskID(task), version: try row.decode(atIndex: 1))
    }

    private static func delivery(_ row: Row) throws -> Delivery {
        guard let type = WebhookType(rawValue: try row.decode(atIndex: 2)),
            let state = DeliveryState(rawValue: try row.decode(atIndex: 7))
        else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a delivery of no known type or state")
        }
        let callback = TaskCallback(
            url: try row.decode(atIndex: 3), trace: try row.decode(atIndex: 4))
        var delivery = Delivery(
            id: try id(row), .webhook(type, callback),
            created: Timestamp(milliseconds: try row.decode(atIndex: 5)),
            body: Array(try row.decode(Data.self, atIndex: 6)))
        delivery.state = state
        delivery.failures = try row.decode(atIndex: 8)
        delivery.next = (try row.decode(Int64?.self, atIndex: 9)).map { Timestamp(milliseconds: $0) }
        delivery.attempts = try StoredList.list(of: StoredAttempt.self, in: try row.decode(atIndex: 10))
            .map(\.attempt)
        return delivery
    }

    static func bounded(_ limit: Int) -> Int { min(max(limit, 1), pageMax) }
}
