import Gateway
import VideoJobs

extension TaskStore {
    /// Admits a new task; throws unless it is admitted.
    @discardableResult
    func admitExample(_ record: TaskRecord) async throws -> TaskRecord {
        let outcome = try await admit(NewTask(record: record, payload: Example.payload))
        try expect(outcome.isAdmitted, is: true, "admission of \(record.id)")
        return record
    }

    /// Saves a change; throws unless it is saved.
    @discardableResult
    func saveExample(_ change: TaskChange) async throws -> TaskRecord {
        try expect(
            try await save(change) != nil, is: true, "change of \(change.record.id) to \(change.record.state)"
        )
        return change.record
    }
}
