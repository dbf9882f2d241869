package import VideoJobs

/// What several tasks cost, in micro-dollars.
package struct UsageSum: Equatable, Sendable {
    /// All tasks.
    package var jobs: Int
    /// Tasks whose video was made, and is billed.
    package var videos: Int
    /// Of open tasks.
    package var reserved: Int64
    package var spent: Int64
    /// Of submissions that may have been billed.
    package var held: Int64
    /// Videos that a review accepted.
    package var accepted = 0
    /// Videos that a review rejected.
    package var rejected = 0

    package init(jobs: Int = 0, videos: Int = 0, reserved: Int64 = 0, spent: Int64 = 0, held: Int64 = 0) {
        self.jobs = jobs
        self.videos = videos
        self.reserved = reserved
        self.spent = spent
        self.held = held
    }

    /// What each accepted video cost, rejected ones and those without a review included; `nil` without an
    /// accepted one.
    package var spentPerAccepted: Int64? { accepted == 0 ? nil : spent / Int64(accepted) }

    /// What the tasks take of a budget: the sum of `TaskRecord.consumption(since:)`.
    package var consumption: Int64 { reserved + spent + held }

    package static func += (sum: inout UsageSum, other: UsageSum) { sum.add(other, times: 1) }

    package static func -= (sum: inout UsageSum, other: UsageSum) { sum.add(other, times: -1) }

    private mutating func add(_ other: UsageSum, times factor: Int) {
        jobs += other.jobs * factor
        videos += other.videos * factor
        reserved += other.reserved * Int64(factor)
        spent += other.spent * Int64(factor)
        held += other.held * Int64(factor)
        accepted += other.accepted * factor
        rejected += other.rejected * factor
    }
}

// Sums over one task.
extension UsageSum {
    /// All that a task adds to sums, whenever.
    package init(_ record: TaskRecord) {
        self.init()
        for part in Self.parts(of: record) { self += part.sum }
    }

    /// Returns what a task adds to sums and for which times: itself and its reviews for the admission, each
    /// price for its submission.
    package static func parts(of record: TaskRecord) -> [(at: Timestamp, sum: UsageSum)] {
        var task = UsageSum(jobs: 1)
        switch record.review?.verdict {
        case .accepted: task.accepted = 1
        case .rejected: task.rejected = 1
        case nil: break
        }
        let parts = [
            (record.created, task), (record.resubmitted ?? record.created, priceOfLast(record)),
            (record.earlierSubmitted ?? record.created, UsageSum(held: record.earlierPrice)),
        ]
        return parts.filter { $0.1 != UsageSum() }.map { (at: $0.0, sum: $0.1) }
    }

    /// What the last submission of a task adds.
    private static func priceOfLast(_ record: TaskRecord) -> UsageSum {
        guard let price = record.price else { return UsageSum() }
        return switch record.priceState {
        case .reserved: UsageSum(reserved: price)
        case .spent: UsageSum(videos: 1, spent: price)
        case .held: UsageSum(held: price)
        case .freed: UsageSum()
        }
    }
}
