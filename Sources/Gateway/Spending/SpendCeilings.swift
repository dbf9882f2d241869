/// Ceilings of what all clients together may spend, in micro-dollars; `nil` for none.
package struct SpendCeilings: Equatable, Sendable {
    /// For one job.
    package var job: Int64?
    /// For all jobs of one day (UTC).
    package var day: Int64?

    package init(job: Int64? = nil, day: Int64? = nil) {
        self.job = job
        self.day = day
    }
}
