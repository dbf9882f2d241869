package import VideoJobs

/// The spend ceilings of the gateway, and how much of the day's is used.
package struct CeilingUsage: Equatable, Sendable {
    /// The ceiling of a day.
    package struct Day: Equatable, Sendable {
        /// In micro-dollars.
        package var limit: Int64
        /// What jobs admitted since `since` take of it.
        package var counted: Int64
        /// The beginning of the day, or an operator's reset.
        package var since: Timestamp
        package var resets: Timestamp

        /// Not below zero, although jobs admitted before the ceiling was lowered may exceed it.
        package var left: Int64 { max(0, limit - counted) }
    }

    /// The ceiling for one job, in micro-dollars; `nil` for none.
    package var job: Int64?
    /// `nil` for none.
    package var day: Day?
}

extension VideoGateway {
    /// Returns the spend ceilings in force, and how much of the day's is used by the store's sums.
    package func ceilingUsage() async throws(GatewayError) -> CeilingUsage {
        var usage = CeilingUsage(job: ceilings.job)
        guard let limit = ceilings.day else { return usage }
        let ports = services.ports
        let period = SpendingPeriod.day(of: ports.clock.now())
        usage.day = try await services.storeHealth.throwingGatewayError { () throws(StoreError) in
            let resumed = try await ports.store.identity().spendResumed ?? period.start
            let since = max(period.start, resumed)
            return CeilingUsage.Day(
                limit: limit, counted: try await ports.store.consumption(of: nil, since: since),
                since: since, resets: period.end)
        }
        return usage
    }
}
