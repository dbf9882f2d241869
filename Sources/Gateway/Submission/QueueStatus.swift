package import VideoJobs

/// A task's position in the queue, and why it is not sent.
package struct QueueStatus: Equatable, Sendable {
    /// The position in the order of the clients' turns, from 1; `nil` while a submission begins or ends.
    /// Later tasks may be sent first while this one is held.
    package var position: Int?
    /// Why it is held; `nil` if it only waits for a free slot.
    package var waiting: Waiting?

    /// The reason why a task is not sent.
    package struct Waiting: Equatable, Sendable {
        package var reason: BlockReason
        package var message: String
        /// The earliest next attempt; `nil` if it begins as soon as a slot is free.
        package var next: Timestamp?
        /// The same as an interval.
        package var secondsLeft: Int?

        package init(
            reason: BlockReason, message: String, next: Timestamp? = nil, secondsLeft: Int? = nil
        ) {
            self.reason = reason
            self.message = message
            self.next = next
            self.secondsLeft = secondsLeft
        }
    }

    package init(position: Int?, waiting: Waiting? = nil) {
        self.position = position
        self.waiting = waiting
    }
}

extension QueueStatus {
    /// The status of a task whose video cannot be copied before a person has done something; `nil` for other
    /// tasks. Follows from the record alone.
    package init?(blockedCopyOf record: TaskRecord) {
        guard record.state == .archiving, record.blockReason == .archiveUnavailable else { return nil }
        let message = record.blockMessage ?? BlockReason.archiveUnavailable.explanation
        self.init(position: nil, waiting: Waiting(reason: .archiveUnavailable, message: message))
    }
}
