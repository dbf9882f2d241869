/// A fault and its expected outcome.
struct FaultRow: Sendable {
    /// The name in the table; part of the prompt of the job.
    var fault: String
    var provider: FaultyProvider
    var limits = TimeLimits()
    /// Whether another job is sent first, so that the row's job finds a reused connection.
    var followsAnother = false
    var expected: Outcome
}
