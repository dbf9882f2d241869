/// The member names of a quote.
package enum QuoteMember: String, Sendable {
    case object, price, microdollars, budget, resets, errors
    case before = "before_microdollars"
    case after = "after_microdollars"
    case queuePosition = "queue_position"
    case estimatedTime = "estimated_time"
}
