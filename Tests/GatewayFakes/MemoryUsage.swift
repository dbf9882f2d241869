import Gateway
import VideoJobs

/// What limits count, over records in memory.
struct MemoryUsage: AdmissionUsage {
    let records: [TaskID: TaskRecord]

    func consumption(of client: String?, since: Timestamp) -> Int64 {
        records.values.filter { client == nil || client == $0.client }
            .reduce(0) { $0 + $1.consumption(since: since) }
    }

    func openTasks(of client: String, atMost limit: Int) -> Int {
        min(limit, records.values.count { $0.client == client && $0.state.isOpen })
    }

    func jobs(of client: String, since: Timestamp, atMost limit: Int) -> Int {
        min(limit, records.values.count { $0.client == client && $0.created >= since })
    }
}

extension TaskChange {
    /// Returns the first limit that the change would exceed.
    func limit(among records: [TaskID: TaskRecord]) -> AdmissionLimit? {
        limits?.limit(exceededBy: record, replacing: before, among: records)
    }
}

extension AdmissionLimits {
    /// Returns the first limit that a task would exceed.
    func limit(
        exceededBy record: TaskRecord, replacing before: TaskRecord? = nil,
        among records: [TaskID: TaskRecord]
    ) -> AdmissionLimit? {
        // Records in memory can be read at any time.
        try? limit(exceededBy: record, replacing: before, in: MemoryUsage(records: records))
    }
}
