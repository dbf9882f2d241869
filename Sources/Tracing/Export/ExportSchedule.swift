/// When batches of spans are sent and again, and what is logged of it. Time is an argument.
package struct ExportSchedule: Sendable {
    /// How one attempt to send a batch ended.
    package enum Outcome: Equatable, Sendable {
        case accepted
        /// Worth another attempt, which the collector may have asked to delay.
        case failed(reason: String, retryAfter: Duration?)
        /// Another attempt would end alike.
        case refused(reason: String)
    }

    /// What to do with the batch after an attempt.
    package struct Decision: Equatable, Sendable {
        /// Whether the batch is done with: exported, or dropped.
        package var isDone: Bool
        /// Whether it was dropped.
        package var isDropped: Bool
        /// What the log is to say: once for each time that the collector is away.
        package var report: Report?
    }

    /// A line of the log.
    package enum Report: Equatable, Sendable {
        case unavailable(reason: String)
        case available
    }

    /// Spans of a batch at most.
    package static let batchMax = 512
    /// How long the first span of a batch waits for others.
    package static let delay: Duration = .seconds(1)
    /// Attempts for one batch.
    static let attemptsMax = 5
    private static let retryDelay: Duration = .seconds(1)
    private static let retryDelayMax: Duration = .seconds(30)
    private static let retryAfterMax: Duration = .seconds(300)

    /// Attempts that failed in a row, whatever their batch.
    private var failures = 0
    /// Attempts for the current batch.
    private var attempts = 0
    private var notBefore: Duration = .zero
    private var isAway = false

    package init() {}

    /// Returns when the next attempt may begin: after a failure not before its delay is over.
    ///
    /// - Parameter first: When the first span of the batch was recorded, or seen; `nil` for a full batch.
    package func time(forBatchSince first: Duration?) -> Duration {
        max(notBefore, first.map { $0 + Self.delay } ?? .zero)
    }

    /// Records the end of an attempt.
    ///
    /// - Parameters:
    ///   - now: Monotonic.
    ///   - jitter: A fraction in 0..<1.
    package mutating func record(_ outcome: Outcome, at now: Duration, jitter: Double) -> Decision {
        switch outcome {
        case .accepted:
            defer { self = ExportSchedule() }
            return Decision(isDone: true, isDropped: false, report: isAway ? .available : nil)
        case .failed(let reason, let retryAfter):
            attempts += 1
            let report = fail(reason, retryAfter, at: now, jitter: jitter)
            let isDropped = attempts >= Self.attemptsMax
            if isDropped { attempts = 0 }
            return Decision(isDone: isDropped, isDropped: isDropped, report: report)
        case .refused(let reason):
            attempts = 0
            let report = fail(reason, nil, at: now, jitter: jitter)
            return Decision(isDone: true, isDropped: true, report: report)
        }
    }

    private mutating func fail(
        _ reason: String, _ retryAfter: Duration?, at now: Duration, jitter: Double
    ) -> Report? {
        failures += 1
        let doubled = Self.retryDelay * (1 << min(failures - 1, 5))
        let delay = min(doubled, Self.retryDelayMax) * (0.75 + jitter / 2)
        notBefore = now + max(delay, min(retryAfter ?? .zero, Self.retryAfterMax))
        defer { isAway = true }
        return isAway ? nil : .unavailable(reason: reason)
    }
}
