import Foundation
import Gateway
import GRDB
import VideoJobs

/// Reads of notices. Each is one statement.
enum NoticeReads {
    static func notice(_ number: Int64, in db: Database) throws -> Delivery? {
        let statement = try db.cachedStatement(sql: NoticeTable.one)
        return try Row.fetchOne(statement, arguments: [number]).map { try delivery($0) }
    }

    /// Returns the last notices of a task, newest first.
    static func notices(of task: TaskID, limit: Int, in db: Database) throws -> [Delivery] {
        let statement = try db.cachedStatement(sql: NoticeTable.ofTask)
        return try Array(
            Row.fetchCursor(statement, arguments: [task.text, DeliveryReads.bounded(limit)]).map {
                try delivery($0)
            })
    }

    static func marks(in db: Database) throws -> [NoticeMark] {
        let statement = try db.cachedStatement(sql: NoticeTable.marks)
        return try Array(
            Row.fetchCursor(statement).map { row in
                NoticeMark(
                    try row.decode(atIndex: 0), period: try row.decode(atIndex: 1),
                    level: try row.decode(atIndex: 2))
            })
    }

    private static func delivery(_ row: Row) throws -> Delivery {
        guard let event = NoticeEvent(rawValue: try row.decode(atIndex: 1)),
            let state = DeliveryState(rawValue: try row.decode(atIndex: 8))
        else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a notice of no known event or state")
        }
        let target = NoticeTarget(
            event: event, receiver: try row.decode(atIndex: 2), template: try row.decode(atIndex: 3),
            mediaType: try row.decode(atIndex: 4), title: try row.decode(atIndex: 5))
        var delivery = Delivery(
            id: .notice(try row.decode(atIndex: 0)), .notice(target),
            created: Timestamp(milliseconds: try row.decode(atIndex: 6)),
            body: Array(try row.decode(Data.self, atIndex: 7)))
        delivery.state = state
        delivery.failures = try row.decode(atIndex: 9)
        delivery.next = (try row.decode(Int64?.self, atIndex: 10)).map { Timestamp(milliseconds: $0) }
        delivery.attempts = try StoredList.list(of: StoredAttempt.self, in: try row.decode(atIndex: 11))
            .map(\.attempt)
        return delivery
    }
}
