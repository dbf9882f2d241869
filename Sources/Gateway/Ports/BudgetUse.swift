import VideoJobs

/// How much of a budget, or of the day's spend ceiling, is used.
package struct BudgetUse: Equatable, Sendable {
    /// From which part on it is reported, in percent.
    static let percentReported: Int64 = 80

    /// Whose budget it is; `nil` for the ceiling of all clients.
    package var client: String?
    /// In micro-dollars, spent and reserved.
    package var used: Int64
    /// In micro-dollars.
    package var limit: Int64
    package var period: SpendingPeriod

    package init(client: String?, used: Int64, limit: Int64, period: SpendingPeriod) {
        self.client = client
        self.used = used
        self.limit = limit
        self.period = period
    }

    /// Whether it is reported.
    var isReported: Bool { used > 0 && Double(used) * 100 >= Double(limit) * Double(Self.percentReported) }

    /// The mark of its notice.
    var mark: NoticeMark {
        NoticeMark(
            client.map { "budget \($0)" } ?? "ceiling", period: period.start.milliseconds, level: limit)
    }
}
