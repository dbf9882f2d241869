package import VideoJobs

/// What a store holds of the tasks that limits count.
package protocol AdmissionUsage {
    /// Returns the sum of `TaskRecord.consumption(since:)` over all tasks.
    ///
    /// - Parameter client: `nil` for all clients.
    func consumption(of client: String?, since: Timestamp) throws -> Int64
    /// Returns the number of a client's open tasks, counted up to a limit.
    func openTasks(of client: String, atMost limit: Int) throws -> Int
    /// Returns the number of a client's tasks that were created since a time, counted up to a limit.
    func jobs(of client: String, since: Timestamp, atMost limit: Int) throws -> Int
}
