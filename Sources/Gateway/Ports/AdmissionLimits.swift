package import VideoJobs

/// What an admission, or another submission of an admitted job, must not exceed; `nil` for no limit.
///
/// A store judges them inside the transaction of the change, so that concurrent changes see each other.
package struct AdmissionLimits: Equatable, Sendable {
    /// An amount of money, in micro-dollars, for the tasks of one period.
    package struct Spending: Equatable, Sendable {
        package var microdollars: Int64
        package var period: SpendingPeriod

        package init(microdollars: Int64, period: SpendingPeriod) {
            self.microdollars = microdollars
            self.period = period
        }
    }

    /// A number of jobs in one period.
    package struct Jobs: Equatable, Sendable {
        package var max: Int
        package var period: SpendingPeriod

        package init(max: Int, period: SpendingPeriod) {
            self.max = max
            self.period = period
        }
    }

    /// A limit that the job exceeds whatever the store holds.
    package var exceeded: AdmissionLimit?
    /// What the client may spend.
    package var budget: Spending?
    /// What all clients may spend.
    package var ceiling: Spending?
    /// Open tasks of the client, this one included.
    package var inFlight: Int?
    /// Jobs of the client, this one included.
    package var jobs: Jobs?

    package init() {}

    /// Returns the first limit that a task would exceed; `nil` if it exceeds none.
    ///
    /// - Parameters:
    ///   - before: The record that the store holds of the task; `nil` for a new task.
    ///   - usage: What the store holds.
    package func limit(
        exceededBy record: TaskRecord, replacing before: TaskRecord? = nil, in usage: some AdmissionUsage
    ) throws -> AdmissionLimit? {
        if let exceeded { return exceeded }
        if let budget {
            let consumed = try usage.consumption(of: record.client, since: budget.period.start)
            let amount = budget.amount(exceededBy: record, replacing: before, after: consumed)
            if let amount { return .budget(amount) }
        }
        if let ceiling {
            let consumed = try usage.consumption(of: nil, since: ceiling.period.start)
            let amount = ceiling.amount(exceededBy: record, replacing: before, after: consumed)
            if let amount { return .dayCeiling(amount) }
        }
        if let jobs, try usage.jobs(of: record.client, since: jobs.period.start, atMost: jobs.max) >= jobs.max
        {
            return .jobsPerDay(max: jobs.max, resets: jobs.period.end)
        }
        if let inFlight, try usage.openTasks(of: record.client, atMost: inFlight) >= inFlight {
            return .inFlight(max: inFlight)
        }
        return nil
    }
}

extension AdmissionLimits.Spending {
    /// Returns what is left if a task would take more than that.
    fileprivate func amount(
        exceededBy record: TaskRecord, replacing before: TaskRecord?, after consumed: Int64
    ) -> AdmissionLimit.Amount? {
        let left = microdollars - consumed
        let price =
            record.consumption(since: period.start) - (before?.consumption(since: period.start) ?? 0)
        guard price > left else { return nil }
        return AdmissionLimit.Amount(limit: microdollars, left: max(0, left), resets: period.end)
    }
}
