/// The limits of one client; `nil` for no limit.
package struct ClientLimits: Equatable, Sendable {
    /// Requests in one minute.
    package var requestsPerMinute: Int?
    /// Open tasks at once, queued ones included.
    package var inFlight: Int?
    /// Jobs admitted in one day (UTC).
    package var jobsPerDay: Int?

    package init(requestsPerMinute: Int? = nil, inFlight: Int? = nil, jobsPerDay: Int? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.inFlight = inFlight
        self.jobsPerDay = jobsPerDay
    }
}
