import Gateway
import VideoJobs

/// Writes to the audit, inside the writer's transaction.
enum AuditMutations {
    /// Appends a record, if there is one.
    ///
    /// - Parameter task: the row in `tasks` of the record's task.
    static func insert(
        _ record: AuditRecord?, ofTask task: Int64?, in transaction: WriteTransaction
    ) throws {
        guard let record else { return }
        try transaction.run(.insertAudit) { values in
            values.append(record.at.milliseconds)
            values.append(record.actor.withoutNUL)
            values.append(record.requestID?.withoutNUL)
            values.append(record.action.rawValue)
            values.append(record.decision.text.withoutNUL)
            values.append(record.client?.withoutNUL)
            values.append(task)
            values.append(record.price)
            values.append(record.detail.map { String($0.prefix(AuditRecord.detailMax)).withoutNUL })
            values.append(record.prompt?.withoutNUL)
        }
    }
}
