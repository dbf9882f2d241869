package import VideoJobs

/// A limit that keeps a job from being admitted. Nothing was stored, sent or bought.
package enum AdmissionLimit: Equatable, Sendable {
    /// What is left of an amount of money, in micro-dollars.
    package struct Amount: Equatable, Sendable {
        package var limit: Int64
        package var left: Int64
        /// When the next period begins.
        package var resets: Timestamp

        package init(limit: Int64, left: Int64, resets: Timestamp) {
            self.limit = limit
            self.left = left
            self.resets = resets
        }
    }

    /// The client has a budget, and the catalog has no price for the job.
    case unpricedForBudget
    /// The gateway has a spend ceiling, and the catalog has no price for the job.
    case unpricedForCeiling
    /// The price is above the ceiling for one job.
    case jobCeiling(microdollars: Int64)
    /// The client's budget.
    case budget(Amount)
    /// The ceiling for all jobs of the day.
    case dayCeiling(Amount)
    /// The client has as many open tasks as it may have.
    case inFlight(max: Int)
    /// The client had as many jobs admitted as it may on one day.
    case jobsPerDay(max: Int, resets: Timestamp)
}
