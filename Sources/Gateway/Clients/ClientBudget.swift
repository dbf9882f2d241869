/// What a client may spend in one period.
package struct ClientBudget: Equatable, Sendable {
    /// The period of a budget, in UTC.
    package enum Period: String, CaseIterable, Sendable { case day, month }

    /// Millionths of a US dollar.
    package var microdollars: Int64
    package var period: Period

    package init(microdollars: Int64, per period: Period) {
        self.microdollars = microdollars
        self.period = period
    }
}
