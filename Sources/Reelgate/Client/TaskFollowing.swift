import HTTPFetching
import Transport

/// Follows a task to its end.
struct TaskFollowing: Sendable {
    /// Seconds that one request waits for a change.
    private static let patience = 30
    /// How often in a row the gateway may fail to answer: about two minutes, enough for a restart.
    private static let failuresMax = 30

    let client: GatewayClient
    let display: TaskDisplay

    /// Shows every change and returns the last. A gateway that goes away for a while is waited for.
    func end(of id: String) async throws -> TaskReport {
        var tag: String?
        var last: TaskReport?
        var failures = 0
        while last?.isOpen ?? true {
            try Task.checkCancellation()
            do {
                let wait = last == nil ? 0 : Self.patience
                let look = try await client.look(at: id, known: tag, wait: wait)
                guard case .task(let report, let newTag) = look else { continue }
                display.show(report)
                (last, tag, failures) = (report, newTag, 0)
            } catch {
                guard Self.mayPass(error), failures < Self.failuresMax else { throw error }
                if failures == 0, last != nil {
                    display.note("The gateway does not answer; the task is safe with it. Trying again.")
                }
                // Whoever asks for a task at a gateway that is not there wants to know it at once.
                if last == nil, display.report == nil { throw error }
                failures += 1
                await client.pause(.seconds(min(failures, 4)))
            }
        }
        guard let last else { preconditionFailure("the loop ends with a report") }
        return last
    }

    /// Whether the gateway may answer again by itself.
    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let failure as FetchError: failure.stage == .beforeSending || failure.stage == .afterSending
        case let problem as GatewayProblem: problem.status == 503 || problem.status == 429
        default: false
        }
    }
}
