package import VideoJobs

/// What a job would cost and when its turn would be, if it were submitted now. Nothing is reserved.
package struct JobQuote: Sendable {
    /// What is left of a client's budget.
    package struct Budget: Equatable, Sendable {
        /// In micro-dollars; negative after a budget was lowered.
        package var left: Int64
        package var resets: Timestamp
    }

    /// `nil` if the client has no budget.
    package var budget: Budget?
    /// The position that the task would have in the queue; `nil` if it would be sent at once, or there is no
    /// valid job.
    package var queuePosition: Int?
    /// How long the job would take in seconds, learned or by the catalog; `nil` if that is unknown.
    package var estimatedSeconds: Int?
    /// Every reason why the job would not be admitted.
    package var refusals: [GatewayError] = []
}
