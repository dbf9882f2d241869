/// The crash points of consecutive gateways, and the expected state of the job after them.
struct CrashTrial: Sendable, CustomStringConvertible {
    /// The state of the job after the crashes.
    enum Expectation: Equatable, Sendable {
        /// No response, nothing stored, nothing sent.
        case neverSent
        /// The job is completed with one create.
        case completed
        /// The task is uncertain and not sent again; the provider accepted this many creates.
        case uncertain(accepted: Int)
    }

    /// The value of REELGATE_CRASH_AT for each gateway in turn.
    var points: [String]
    var expectation: Expectation

    var description: String { points.joined(separator: ", then ") }

    /// Trials of several crashes of one job.
    static let chains = [
        CrashTrial(
            points: [
                "changeDurable:1", "pollBegun", "pollCompleted", "committing", "archivingDurable",
                "copyBegun", "chunkWritten:2", "fileWritten", "fileSynced", "fileRenamed", "resultsVerified",
                "committing",
            ], expectation: .completed),
        CrashTrial(
            points: ["responseComplete", "recoveryBegun", "committing", "interruptionDurable"],
            expectation: .uncertain(accepted: 1)),
    ]
}
