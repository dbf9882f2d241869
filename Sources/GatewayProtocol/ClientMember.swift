/// A member name of a client's document.
package enum ClientMember: String, CaseIterable, Sendable {
    case object, name, role, models, limits, budget, weight, created, revoked, tokens, token, warnings
    case issued, expires, usd, microdollars, per
    case requestsPerMinute = "requests_per_minute"
    case inFlight = "in_flight"
    case jobsPerDay = "jobs_per_day"
    case overlapSeconds = "overlap_seconds"
}
