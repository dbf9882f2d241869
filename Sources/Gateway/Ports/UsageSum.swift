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

    /// What the tasks take of a budget: the sum of `TaskRecord.consumption`.
    package var consumption: Int64 { reserved + spent + held }

    package static func += (sum: inout UsageSum, other: UsageSum) {
        sum.jobs += other.jobs
        sum.videos += other.videos
        sum.reserved += other.reserved
        sum.spent += other.spent
        sum.held += other.held
        sum.accepted += other.accepted
        sum.rejected += other.rejected
    }

    /// The sum over one task.
    package init(_ record: TaskRecord) {
        self.init(jobs: 1, held: record.earlierPrice)
        switch record.review?.verdict {
        case .accepted: accepted = 1
        case .rejected: rejected = 1
        case nil: break
        }
        guard let price = record.price else { return }
        switch record.priceState {
        case .reserved: reserved = price
        case .spent: (videos, spent) = (1, price)
        case .held: held += price
        case .freed: break
        }
    }
}
