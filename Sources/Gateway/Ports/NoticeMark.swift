/// What was last reported about one subject, so that it is reported once.
package struct NoticeMark: Equatable, Sendable {
    /// What it is about, such as the budget of a client.
    package var subject: String
    /// The period that it is about; 0 for none.
    package var period: Int64
    /// The limit that it is about; 0 for none.
    package var level: Int64

    package init(_ subject: String, period: Int64 = 0, level: Int64 = 0) {
        self.subject = subject
        self.period = period
        self.level = level
    }

    /// Whether it is about something that was not reported yet: another period, or a higher limit.
    package func isNews(after reported: NoticeMark?) -> Bool {
        guard let reported else { return true }
        return reported.period != period || reported.level < level
    }
}
