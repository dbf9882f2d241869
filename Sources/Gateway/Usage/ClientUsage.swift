package import VideoJobs

/// The limits of one client and what is left of them.
package struct ClientUsage: Equatable, Sendable {
    /// What is left of a budget.
    package struct Budget: Equatable, Sendable {
        package let budget: ClientBudget
        /// The sum over the tasks of the current period.
        package let sum: UsageSum
        /// When the next period begins.
        package let resets: Timestamp

        /// In micro-dollars. 0 if the budget was lowered below what is consumed.
        package var left: Int64 { max(0, budget.microdollars - sum.consumption) }
    }

    package let name: String
    package let limits: ClientLimits
    package let openTasks: Int
    /// Jobs that were admitted today (UTC).
    package let jobsToday: Int
    /// When the next day begins.
    package let dayEnds: Timestamp
    /// `nil` without a budget.
    package let budget: Budget?
}
