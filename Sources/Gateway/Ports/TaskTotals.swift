package import VideoJobs

/// All tasks of a store, counted by model, client and state.
package struct TaskTotals: Equatable, Sendable {
    /// What is counted together.
    package struct Group: Hashable, Sendable {
        package var model: String
        package var client: String
        package var state: TaskState

        package init(model: String, client: String, state: TaskState) {
            (self.model, self.client, self.state) = (model, client, state)
        }

        /// The group of a task.
        package init(_ record: TaskRecord) {
            self.init(model: record.model, client: record.client, state: record.state)
        }
    }

    /// Groups with tasks. The numbers of reviews are not kept.
    package var sums: [Group: UsageSum]
    /// When the uncertain task that has waited longest for a settlement became uncertain, of the first
    /// thousand; `nil` if there is none.
    package var oldestUncertain: Timestamp?

    package init(sums: [Group: UsageSum] = [:], oldestUncertain: Timestamp? = nil) {
        self.sums = sums
        self.oldestUncertain = oldestUncertain
    }
}
