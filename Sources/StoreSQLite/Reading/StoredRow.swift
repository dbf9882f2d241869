import GRDB
import VideoJobs

/// A row of `tasks`, read by position: an unknown value is corruption, and never traps.
struct StoredRow {
    let row: Row
    /// How many columns come before those of the task.
    var offset = 0

    func record() throws -> TaskRecord {
        var record = TaskRecord(
            id: TaskID(try value(.id)), created: Timestamp(milliseconds: try value(.created)),
            model: try value(.model), client: try value(.client), price: try optional(.price),
            promptBeginning: (try optional(.prompt)).map(PromptBeginning.init(stored:)),
            resolution: try optional(.resolution), deprecation: try optional(.deprecation),
            state: try word(.state), version: try value(.version))
        record.estimatedSeconds = try optional(.estimatedSeconds)
        record.updated = Timestamp(milliseconds: try value(.updated))
        record.progress = try value(.progress)
        record.providerStatus = try word(.providerStatus)
        record.providerTaskID = (try optional(.providerTaskId)).map(ProviderTaskID.init)
        record.accepted = (try optional(.accepted)).map(Timestamp.init(milliseconds:))
        record.completed = (try optional(.completed)).map(Timestamp.init(milliseconds:))
        // Tasks and events of earlier versions have none.
        record.isSlow = try optional(.slow) ?? false
        record.attempts = try value(.attempts)
        record.archiveFailures = try value(.archiveFailures)
        record.blockReason = try blockReason()
        record.blockMessage = try optional(.blockMessage)
        record.links = try StoredList.list(of: String.self, in: optional(.links))
        record.results = try StoredList.list(of: StoredResult.self, in: optional(.results)).enumerated()
            .map { $1.result(at: $0) }
        record.contentExpires = (try optional(.contentExpires)).map(Timestamp.init(milliseconds:))
        record.contentRemoved = try value(.contentRemoved)
        record.failure = try failure()
        record.evidence = (try optional(.evidence)).map { StoredEvidence.evidence(in: $0, of: record) }
        record.graceDeadline = (try optional(.graceDeadline)).map(Timestamp.init(milliseconds:))
        record.usage = try optional(.usage)
        record.priceState = try priceState(of: record.state)
        record.earlierPrice = try optional(.earlierPrice) ?? 0
        record.resubmitted = (try optional(.resubmitted)).map(Timestamp.init(milliseconds:))
        record.earlierSubmitted = (try optional(.earlierSubmitted)).map(Timestamp.init(milliseconds:))
        record.fetched = (try optional(.fetched)).map(Timestamp.init(milliseconds:))
        record.removalWarned = (try optional(.removalWarned)).map(Timestamp.init(milliseconds:))
        record.review = try review()
        record.trace = try optional(.trace)
        return record
    }

    /// Tasks of versions without prices have none, and it does not matter then what became of it.
    private func priceState(of state: TaskState) throws -> PriceState {
        let text: String? = try optional(.priceState)
        return text == nil ? state.priceState ?? .freed : try word(.priceState)
    }

    private func review() throws -> TaskReview? {
        let text: String? = try optional(.review)
        return text == nil ? nil : TaskReview(try word(.review), note: try optional(.reviewNote))
    }

    private func blockReason() throws -> BlockReason? {
        let text: String? = try optional(.obstacle)
        return text == nil ? nil : try word(.obstacle)
    }

    private func failure() throws -> FailureReason? {
        guard let code: String = try optional(.failureCode) else { return nil }
        return FailureReason(
            code: code, message: try value(.failureMessage), httpStatus: try optional(.failureStatus))
    }

    private func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: TaskColumn
    ) throws -> Value {
        try row.decode(Value.self, atIndex: offset + column.rawValue)
    }

    private func optional<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: TaskColumn
    ) throws -> Value? {
        try row.decode(Value?.self, atIndex: offset + column.rawValue)
    }

    private func word<Word: RawRepresentable<String>>(_ column: TaskColumn) throws -> Word {
        let text: String = try value(column)
        guard let word = Word(rawValue: text) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "column \(column.name) holds an unknown word")
        }
        return word
    }
}
