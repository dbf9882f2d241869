import VideoJobs

extension BoundValues {
    /// Appends a column's value for a record. The status is stored although it follows from other columns,
    /// because listings filter by it.
    mutating func append(_ column: TaskColumn, of record: TaskRecord) {
        switch column {
        case .id: append(record.id.text)
        case .created: append(record.created.milliseconds)
        case .model: append(record.model)
        case .client: append(record.client)
        case .estimatedSeconds: append(record.estimatedSeconds)
        case .state: append(record.state.rawValue)
        case .status: append(record.status.rawValue)
        case .version: append(record.version)
        case .updated: append(record.updated.milliseconds)
        case .progress: append(record.progress)
        case .providerStatus: append(record.providerStatus.rawValue)
        case .providerTaskId: append(record.providerTaskID?.text.withoutNUL)
        case .attempts: append(record.attempts)
        case .archiveFailures: append(record.archiveFailures)
        case .obstacle: append(record.blockReason?.rawValue)
        case .links: append(StoredList.text(of: record.links))
        case .results: append(StoredList.text(of: record.results.map(StoredResult.init)))
        case .contentExpires, .contentRemoved, .contentBytes, .fetched, .removalWarned:
            append(record.contentValue(of: column))
        case .failureCode: append(record.failure?.code.withoutNUL)
        case .failureMessage: append(record.failure?.message.withoutNUL)
        case .failureStatus: append(record.failure?.httpStatus)
        case .evidence: append(record.evidence.map { StoredEvidence($0).text })
        case .usage: append(record.usage?.withoutNUL)
        case .graceDeadline: append(record.graceDeadline?.milliseconds)
        case .blockMessage: append(record.blockMessage?.withoutNUL)
        case .price: append(record.price)
        case .priceState: append(record.priceState.rawValue)
        case .earlierPrice: append(record.earlierPrice)
        case .review: append(record.review?.verdict.rawValue)
        case .reviewNote: append(record.review?.note?.withoutNUL)
        case .resubmitted: append(record.resubmitted?.milliseconds)
        case .earlierSubmitted: append(record.earlierSubmitted?.milliseconds)
        case .prompt, .resolution, .deprecation, .trace: append(record.jobText(of: column)?.withoutNUL)
        case .accepted: append(record.accepted?.milliseconds)
        case .completed: append(record.completed?.milliseconds)
        case .slow: append(record.isSlow ? 1 : 0)
        }
    }
}

extension TaskRecord {
    /// The value of a column with text of the job that never changes; `nil` for any other column.
    fileprivate func jobText(of column: TaskColumn) -> String? {
        switch column {
        case .prompt: promptBeginning?.text
        case .resolution: resolution
        case .deprecation: deprecation
        case .trace: trace
        default: nil
        }
    }

    /// The value of a column about archived content; `nil` for any other column.
    fileprivate func contentValue(of column: TaskColumn) -> Int64? {
        switch column {
        case .contentExpires: contentExpires?.milliseconds
        case .contentRemoved: contentRemoved ? 1 : 0
        case .contentBytes: contentBytes
        case .fetched: fetched?.milliseconds
        case .removalWarned: removalWarned?.milliseconds
        default: nil
        }
    }
}
