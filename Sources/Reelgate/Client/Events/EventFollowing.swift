import HTTPFetching

/// Follows an event stream of a gateway: after each break it connects again and continues after the last
/// event.
struct EventFollowing: Sendable {
    /// Why there is nothing more to follow.
    enum End: Sendable {
        /// The receiver has seen enough.
        case enough
        /// The gateway has nothing further to send.
        case nothingFurther
    }

    /// Consecutive connections that may bring no event: about two minutes, enough for a restart.
    private static let failuresMax = 30
    /// Between connections at most, in seconds.
    private static let pauseSecondsMax = 4

    let client: GatewayClient
    let target: String
    /// Called at each break with a note for the user.
    let note: @Sendable (String) -> Void

    /// Passes each event to a receiver, in order, until it returns `false`. Throws if the gateway cannot be
    /// reached at first, refuses the stream, or stays away.
    func run(
        _ receive: @escaping @Sendable (ServerSentEventParser.Event) throws -> Bool
    ) async throws -> End {
        let reception = EventReception(receive)
        var failures = 0
        while true {
            try Task.checkCancellation()
            let known = reception.beginConnection()
            var failure: (any Error)?
            do {
                let status = try await client.events(target, after: known) { try reception.receive($0) }
                if status == 204 { return .nothingFurther }
            } catch {
                failure = error
            }
            if try reception.isFinished() { return .enough }
            if reception.hasEvents { failures = 0 }
            if let failure {
                guard failures < Self.failuresMax, Self.isTransient(failure, reception) else { throw failure }
            }
            if failures == 0 { note(Self.text(for: failure)) }
            failures += 1
            await client.pause(.seconds(min(failures, Self.pauseSecondsMax)))
        }
    }

    /// Whether the same request may succeed later. A gateway that was not there from the start is an error.
    private static func isTransient(_ error: any Error, _ reception: EventReception) -> Bool {
        switch error {
        case let failure as FetchError:
            reception.wasConnected && (failure.stage == .beforeSending || failure.stage == .afterSending)
        case let problem as GatewayProblem: problem.status == 503 || problem.status == 429
        default: false
        }
    }

    private static func text(for failure: (any Error)?) -> String {
        if let problem = failure as? GatewayProblem {
            return "The gateway cannot send events now: \(problem.detail). Trying again."
        }
        return "The gateway does not respond; it keeps its tasks. Trying again."
    }
}
