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

    package init(
        id: String, sequence: Int64, restoration: RestorationPhase? = nil, archiveID: String? = nil
    ) {
        self.id = id
        self.sequence = sequence
        self.restoration = restoration
        self.archiveID = archiveID
    }
}

/// How far the work after a restored store has come. Durable, so that a crash or a restart ends no pause.
package enum RestorationPhase: String, CaseIterable, Sendable {
    /// Found; some of its `queued` and `sending` tasks may not be `uncertain` yet. No job was taken since.
    case detected
    /// All of them are `uncertain`; what is `queued` came later, and waits until an operator resumes.
    case paused
}

/// One copy of a store's high-water mark: the highest commit sequence that was seen, kept outside the store.
package protocol HighWaterMark: Sendable {
    /// Where it is, for a person.
    var place: String { get }
    /// The sequence that was written last for a store; `nil` if there is none that can be read.
    func read(storeID: String) async -> Int64?
    /// Replaces the sequence, durably and at once: a reader finds the old one or the new one, whole.
    func write(_ sequence: Int64, storeID: String) async throws(HighWaterMarkError)
}

/// Why a high-water mark could not be written.
package struct HighWaterMarkError: Error, Equatable, Sendable {
    package var message: String

    package init(_ message: String) { self.message = message }
}
