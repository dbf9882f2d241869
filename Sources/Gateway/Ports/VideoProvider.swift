package import VideoJobs

/// The provider, with the account that all jobs share.
package protocol VideoProvider: Sendable {
    /// Sends one paid job, once, and returns the outcome. Never throws: every ending is a verdict.
    func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict
    /// Asks for the state of one task.
    func poll(_ id: ProviderTaskID) async -> PollOutcome
    /// Asks which models the provider has. Buys nothing.
    func models() async -> ModelListing
}
