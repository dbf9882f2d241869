package import VideoJobs

/// The account that everyone shares.
package protocol VideoProvider: Sendable {
    /// Sends one paid job, once, and says what became of it. Never throws: every ending is a verdict.
    func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict
    /// Asks for the state of one task.
    func poll(_ id: ProviderTaskID) async -> PollOutcome
}
