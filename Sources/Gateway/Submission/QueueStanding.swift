package import VideoJobs

/// Where a task stands in the queue, and why it is not sent.
package struct QueueStanding: Equatable, Sendable {
    /// 1 for the first in order of admission; `nil` while its next try begins or ends. Those behind it may be
    /// sent before it while it is held.
    package var position: Int?
    /// `nil` while it waits for nothing but its turn.
    package var waiting: Waiting?

    /// What keeps a task from being sent.
    package struct Waiting: Equatable, Sendable {
        package var obstacle: BlockReason
        package var message: String
        /// When it may be tried at the earliest; `nil` if that is as soon as there is a free place.
        package var next: Timestamp?
        /// The same as an interval.
        package var secondsLeft: Int?

        package init(
            obstacle: BlockReason, message: String, next: Timestamp? = nil, secondsLeft: Int? = nil
        ) {
            self.obstacle = obstacle
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
