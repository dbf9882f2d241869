/// One step of a task: its records before and after, and the line for its history.
package struct TaskTransition: Equatable, Sendable {
    package var before: TaskRecord
    /// One version above `before`.
    package var record: TaskRecord
    /// The step's name in the history, such as `accepted`.
    package var name: String
    /// A sentence for a person; it holds no key and no link.
    package var detail: String?

    package init(from before: TaskRecord, to record: TaskRecord, name: String, detail: String? = nil) {
        self.before = before
        self.record = record
        self.name = name
        self.detail = detail
    }
}
