/// The provider of a row: its address and its ledger of the row's job.
struct RowProvider: Sendable {
    var url: String
    var counts: @Sendable () async throws -> Outcome.Counts
    /// Releases what it holds.
    var end: @Sendable () -> Void = {}
}
