package import VideoJobs

/// What a store knows of itself, beside its tasks.
package struct StoreIdentity: Equatable, Sendable {
    /// Random, made once with the store; every copy of it has the same.
    package var id: String
    /// The number of the last committed transaction that changed a task.
    package var sequence: Int64
    /// Whether the store was found to be older than what was sent; `nil` once an operator has resumed.
    package var restoration: RestorationPhase?
    /// The id in the marker file of the archive that belongs to the store; `nil` before the first use of one.
    package var archiveID: String?
    /// From when on the day's spend ceiling counts, if an operator reset it.
    package var spendResumed: Timestamp?

    package init(
        id: String, sequence: Int64, restoration: RestorationPhase? = nil, archiveID: String? = nil
    ) {
        self.id = id
        self.sequence = sequence
        self.restoration = restoration
        self.archiveID = archiveID
    }
}
