/// A task with everything that the store keeps of it, for its record.
package struct TaskDetails: Sendable {
    package let view: TaskView
    /// The JSON text that the provider receives; `nil` if the store no longer has it.
    package let payload: [UInt8]?
    /// The history, oldest first.
    package let events: [TaskEventRecord]
}
