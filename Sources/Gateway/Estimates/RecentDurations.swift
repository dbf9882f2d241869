/// The newest durations of one kind of task, and their quantiles.
struct RecentDurations {
    /// Durations that are kept; older ones are forgotten, so that the quantiles follow the provider.
    static let countMax = 200
    /// With fewer nothing is learned.
    static let countMin = 10

    private var durations: [Duration] = []
    /// The position of the oldest one, once there are `countMax`.
    private var oldest = 0
    /// Half of the tasks took no longer; `nil` until there are enough.
    private(set) var median: Duration?
    /// 95 of 100 tasks took no longer; `nil` until there are enough.
    private(set) var percentile95: Duration?

    /// Adds durations, oldest first.
    mutating func append(contentsOf added: some Sequence<Duration>) {
        for duration in added {
            if durations.count < Self.countMax {
                durations.append(duration)
            } else {
                durations[oldest] = duration
                oldest = (oldest + 1) % Self.countMax
            }
        }
        guard durations.count >= Self.countMin else { return }
        let sorted = durations.sorted()
        median = sorted[Self.rank(50, of: sorted.count)]
        percentile95 = sorted[Self.rank(95, of: sorted.count)]
    }

    /// Returns the index of a percentile by the nearest-rank method.
    private static func rank(_ percent: Int, of count: Int) -> Int { (count * percent + 99) / 100 - 1 }
}
