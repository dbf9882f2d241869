/// What was spent, reserved and held, and what is left.
package struct UsageReport: Equatable, Sendable {
    package let query: UsageQuery
    /// By client, model or day, in the order of their names.
    package let sums: [(name: String, sum: UsageSum)]
    /// The clients that the caller may see, by name.
    package let clients: [ClientUsage]

    /// The sum over all tasks of the report.
    package var total: UsageSum { sums.reduce(into: UsageSum()) { $0 += $1.sum } }

    package static func == (one: UsageReport, other: UsageReport) -> Bool {
        one.query == other.query && one.clients == other.clients
            && one.sums.elementsEqual(other.sums) { $0 == $1 }
    }
}
