package import VideoJobs

/// A task's position in the queue, and why it is not sent.
package struct QueueStanding: Equatable, Sendable {
    /// 1 for the first in order of admission; `nil` while its next attempt begins or ends. Tasks behind it
    /// may be sent before it while it is held.
    package var position: Int?
    /// `nil` while it only waits for its turn.
    package var waiting: Waiting?

    /// The reason why a task is not sent.
    package struct Waiting: Equatable, Sendable {
        package var obstacle: BlockReason
        package var message: String
        /// The earliest next attempt; `nil` if that is as soon as a place is free.
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
