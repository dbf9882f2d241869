import VideoJobs

/// A job that a limit keeps from being submitted, with what a message about it names.
package struct LimitedJob: Equatable, Sendable {
    package var limit: AdmissionLimit
    /// Whose limit it is, or whose job.
    package var client: String
    /// The price of the job, in micro-dollars; `nil` if the catalog has none.
    package var price: Int64?
    /// When the same job may be admitted, as far as that can be known; `nil` for never.
    package var retryAfterSeconds: Int?

    package init(_ limit: AdmissionLimit, client: String, price: Int64?, retryAfterSeconds: Int? = nil) {
        self.limit = limit
        self.client = client
        self.price = price
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// - Parameter estimatedSeconds: About how long such a job takes.
    init(
        _ limit: AdmissionLimit, client: String, price: Int64?, estimatedSeconds: Int?, at now: Timestamp
    ) {
        self.init(limit, client: client, price: price)
        switch limit {
        case .unpricedForBudget, .unpricedForCeiling, .jobCeiling: break
        case .budget(let amount), .dayCeiling(let amount):
            if amount.fits(price) { retryAfterSeconds = Self.seconds(until: amount.resets, at: now) }
        case .jobsPerDay(_, let resets): retryAfterSeconds = Self.seconds(until: resets, at: now)
        // About when one of the open tasks ends.
        case .inFlight: retryAfterSeconds = max(1, min(estimatedSeconds ?? 30, 300))
        }
    }

    private static func seconds(until time: Timestamp, at now: Timestamp) -> Int {
        max(1, Int((time - now + .milliseconds(999)).components.seconds))
    }
}

extension AdmissionLimit.Amount {
    /// Whether a job of this price fits once the next period has begun.
    package func fits(_ price: Int64?) -> Bool { price ?? 0 <= limit }
}
