/// The figures for monitoring that are read from the store.
package struct StoredFigures: Equatable, Sendable {
    /// What a client's budget has left.
    package struct Budget: Equatable, Sendable {
        package var client: String
        /// In micro-dollars.
        package var left: Int64

        package init(client: String, left: Int64) { (self.client, self.left) = (client, left) }
    }

    package var totals: TaskTotals
    /// Of clients with a budget, by name.
    package var budgets: [Budget]
    /// Whether the day's spend ceiling refuses jobs.
    package var isCeilingReached: Bool

    package init(totals: TaskTotals, budgets: [Budget], isCeilingReached: Bool) {
        self.totals = totals
        self.budgets = budgets
        self.isCeilingReached = isCeilingReached
    }
}
