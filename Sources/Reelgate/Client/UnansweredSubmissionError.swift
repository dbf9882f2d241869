/// A job was sent and no response came: the gateway may have accepted it. Another key would buy it again.
struct UnansweredSubmissionError: Error {
    private let key: String
    private let base: BaseURL
    private let cause: any Error

    init(_ key: String, _ base: BaseURL, _ cause: any Error) {
        self.key = key
        self.base = base
        self.cause = cause
    }

    /// What to do, for a command that is over without a response.
    static func remedy(_ key: String) -> String {
        "Repeat the command with --idempotency-key \(key) to join the task if there is one; without it the "
            + "job is bought again. reelgate tasks list shows whether there is one."
    }

    var commandError: CommandError {
        CommandError(
            "the gateway at \(base.text) has stopped responding, and may have accepted the job: "
                + CommandError(cause, calling: base).what,
            remedy: Self.remedy(key), status: .unreachable)
    }
}
