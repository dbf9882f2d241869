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
            try await save(change).isSaved, is: true,
            "change of \(change.record.id) to \(change.record.state)"
        )
        return change.record
    }

    /// Returns unfinished tasks as a new claim is granted them.
    func claimedTasks(after id: TaskID? = nil, limit: Int) async throws -> [TaskRecord] {
        let claim = try await beginClaim(owner: "a", at: Example.start, lease: .seconds(30))
        let granted = try await claimTasksWithWork(claim, after: id, limit: limit)
        guard let granted else { throw ContractError(description: "the newest claim is void") }
        return granted
    }
}
