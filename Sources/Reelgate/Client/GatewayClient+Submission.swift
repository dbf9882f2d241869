import GatewayProtocol
import HTTPFetching

extension GatewayClient {
    /// Attempts at most; with the pauses between them half a minute, in which a gateway restarts.
    private static let attemptsMax = 7
    /// The longest pause between attempts, in seconds.
    private static let pauseMax = 8

    /// Sends a job. Repeats it under the same key if the response was lost: the gateway joins all to one
    /// task. Throws `UnansweredSubmissionError` if no response comes then: the gateway may have the job.
    ///
    /// - Parameter onRetry: Called before the first repetition.
    func submit(
        _ job: [UInt8], idempotencyKey: String, onRetry: @Sendable () -> Void = {}
    ) async throws -> TaskReport {
        var request = request("POST", GatewayPath.generations, body: .repeatable(job))
        request.fields += [
            ("Content-Type", "application/json"), (GatewayHeader.idempotencyKey, idempotencyKey),
        ]
        // The gateway waits for the provider's verdict, and for its own disk.
        request.timeout = .seconds(120)
        var attempts = 0
        while true {
            do {
                return try task(in: try await response(to: request))
            } catch  where Self.leavesOpen(error, isFirst: attempts == 0) {
                attempts += 1
                if attempts == Self.attemptsMax {
                    throw UnansweredSubmissionError(idempotencyKey, base, error)
                }
                if attempts == 1 { onRetry() }
                await pause(.seconds(min(1 << (attempts - 1), Self.pauseMax)))
                try Task.checkCancellation()
            }
        }
    }

    /// Whether the gateway may have accepted the job in spite of the error of an attempt. After a lost
    /// response only a verdict on the job decides, and no error of a gateway that starts again.
    private static func leavesOpen(_ error: any Error, isFirst: Bool) -> Bool {
        switch error {
        case let failure as FetchError:
            failure.stage == .afterSending || failure.stage == .beforeSending && !isFirst
        case let problem as GatewayProblem:
            !isFirst && problem.taskID == nil && (problem.status >= 500 || problem.status == 429)
        default: false
        }
    }
}
