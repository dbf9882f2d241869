/// Sums over the tasks of a store.
package protocol UsageStore: Sendable {
    /// Returns the sums of a query by the name of the client, the id of the model, or the date (UTC,
    /// `2026-11-29`): `UsageSum.parts` of all tasks.
    func usage(matching query: UsageQuery) async throws(StoreError) -> [String: UsageSum]

    /// Returns the number of open tasks of each client that has some.
    func openTasks() async throws(StoreError) -> [String: Int]

    /// Returns the numbers of all tasks, in a time that does not depend on how many there are.
    func totals() async throws(StoreError) -> TaskTotals
}
