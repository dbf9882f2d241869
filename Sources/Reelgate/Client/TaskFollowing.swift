import HTTPFetching
import Transport

/// Polls a task until it ends.
struct TaskFollowing: Sendable {
    /// Seconds that one request waits for a change.
    private static let waitSeconds = 30
    /// Consecutive requests that may fail: about two minutes, enough for a restart.
    private static let failuresMax = 30

    let client: GatewayClient
    let display: TaskDisplay

    /// Shows every change and returns the last one. Retries while the gateway is unavailable.
    func end(of id: String) async throws -> TaskReport {
        var tag: String?
        var last: TaskReport?
        var failures = 0
        while last?.isOpen ?? true {
            try Task.checkCancellation()
            do {
                let wait = last == nil ? 0 : Self.waitSeconds
                let version = try await client.fetchTask(id, knownTag: tag, waitSeconds: wait)
                guard case .changed(let report, let newTag) = version else { continue }
                display.show(report)
                (last, tag, failures) = (report, newTag, 0)
            } catch {
                guard Self.isTransient(error), failures < Self.failuresMax else { throw error }
                if failures == 0, last != nil {
                    display.note("The gateway does not respond; it keeps the task. Trying again.")
                }
                // A gateway that was not there from the start is an error at once.
                if last == nil, display.report == nil { throw error }
                failures += 1
                await client.pause(.seconds(min(failures, 4)))
            }
        }
        guard let last else { preconditionFailure("the loop ends with a report") }
        return last
    }

    /// Whether the same request may succeed later.
    private static func isTransient(_ error: any Error) -> Bool {
        switch error {
        case let failure as FetchError: failure.stage == .beforeSending || failure.stage == .afterSending
        case let problem as GatewayProblem: problem.status == 503 || problem.status == 429
        default: false
        }
    }
}
