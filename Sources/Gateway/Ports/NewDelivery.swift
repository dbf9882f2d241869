import VideoJobs

/// A webhook that a change of a task causes, if the task has a callback.
package struct NewDelivery: Sendable {
    package var type: WebhookType
    /// Returns the body, which stays the same for every attempt.
    package var body: @Sendable () -> [UInt8]

    package init(type: WebhookType, body: @escaping @Sendable () -> [UInt8]) {
        self.type = type
        self.body = body
    }

    /// The webhook of a transition; `nil` if it does not end the task.
    init?(_ transition: TaskTransition, document: @escaping @Sendable (TaskRecord) -> [UInt8]) {
        let record = transition.record
        guard let type = WebhookType(for: record, after: transition.before) else { return nil }
        self.init(type: type) {
            let head = #"{"type":"\#(type.rawValue)","timestamp":"\#(record.updated.iso8601)","data":"#
            return Array(head.utf8) + document(record) + [UInt8(ascii: "}")]
        }
    }
}
