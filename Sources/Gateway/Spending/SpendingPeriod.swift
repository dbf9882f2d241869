package import VideoJobs

/// The time in which an amount may be spent.
package struct SpendingPeriod: Equatable, Sendable {
    /// Tasks admitted from this time on count.
    package var start: Timestamp
    /// When the next period begins.
    package var end: Timestamp

    package init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }

    /// The day of a time, in UTC.
    package static func day(of time: Timestamp) -> SpendingPeriod {
        let date = UTCDate(of: time)
        return SpendingPeriod(start: date.start, end: date.next.start)
    }

    /// The month of a time, in UTC.
    package static func month(of time: Timestamp) -> SpendingPeriod {
        let date = UTCDate(of: time)
        return SpendingPeriod(start: date.firstOfMonth.start, end: date.firstOfNextMonth.start)
    }
}

extension ClientBudget {
    /// Returns the period of a time.
    package func period(of time: Timestamp) -> SpendingPeriod {
        switch period {
        case .day: .day(of: time)
        case .month: .month(of: time)
        }
    }
}
