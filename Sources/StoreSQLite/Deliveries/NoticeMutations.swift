import Foundation
import Gateway
import GRDB
import VideoJobs

/// Writes of notices, inside the writer's transaction.
enum NoticeMutations {
    /// Stores notices that are due at once, and removes some that ended long ago.
    ///
    /// - Parameter task: the row of the task that they are about; `nil` if they are about none.
    static func insert(
        _ notices: [NewNotice], of task: Int64?, at now: Timestamp, in db: Database
    ) throws {
        guard !notices.isEmpty else { return }
        let removal = try db.cachedStatement(sql: NoticeTable.removal)
        try removal.execute(arguments: [now.milliseconds - NewNotice.kept.milliseconds])
        let statement = try db.cachedStatement(sql: NoticeTable.insertion)
        for notice in notices.prefix(NewNotice.perEventMax) {
            let target = notice.target
            try statement.execute(arguments: [
                task, target.event.rawValue, target.receiver.withoutNUL, target.template.withoutNUL,
                target.mediaType, target.title, now.milliseconds, Data(notice.body),
                DeliveryState.pending.rawValue, 0, now.milliseconds,
            ])
        }
    }

    static func set(_ mark: NoticeMark, in db: Database) throws {
        let statement = try db.cachedStatement(sql: NoticeTable.setMark)
        try statement.execute(arguments: [mark.subject.withoutNUL, mark.period, mark.level])
    }

    static func removeMark(of subject: String, in db: Database) throws {
        try db.cachedStatement(sql: NoticeTable.removeMark).execute(arguments: [subject])
    }

    /// Writes what may change of a notice.
    static func update(_ delivery: Delivery, number: Int64, in db: Database) throws {
        let attempts = delivery.attempts.map { StoredAttempt($0) }
        let statement = try db.cachedStatement(sql: NoticeTable.update)
        try statement.execute(arguments: [
            delivery.state.rawValue, delivery.failures, delivery.next?.milliseconds,
            StoredList.text(of: attempts), number,
        ])
    }
}
