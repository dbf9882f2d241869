/// A member name of a usage report.
package enum UsageMember: String, CaseIterable, Sendable {
    case object, since, by, data, total, clients, ceilings

    // `data`; `total` has the numbers only
    case client, model, day, jobs, videos, accepted, rejected
    case spentPerAccepted = "spent_per_accepted_microdollars"
    case spent = "spent_microdollars"
    case reserved = "reserved_microdollars"
    case held = "held_microdollars"

    // `clients`
    case budget, microdollars, per, resets, used, limit
    case left = "left_microdollars"
    case inFlight = "in_flight"
    case jobsPerDay = "jobs_per_day"
    case requestsPerMinute = "requests_per_minute"

    // `ceilings`, which also has `day`
    case job
    case counted = "counted_microdollars"
}
