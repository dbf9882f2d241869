import VideoJobs

/// The progress of polling one task in this process.
struct PollProgress: Equatable, Sendable {
    private enum Limit {
        /// Polls with an unknown status word after which its result or error counts as the end.
        static let unnamedEndings = 3
        /// Polls with `completed` and no link that can be fetched.
        static let unusableLinks = 5
        /// Polls with `completed` and no result.
        static let withoutResults = 60
        /// Polls without the task being known, after `notKnownFor`.
        static let notKnown = 30
        static let notKnownFor: Duration = .seconds(3600)
    }

    let began: MonotonicTime
    /// The end of the grace period; set once the task has timed out.
    var graceEnds: MonotonicTime?
    private(set) var polls = 0
    /// The number of consecutive polls without a report of the task.
    private(set) var failures = 0
    /// Polls in a row with `completed` but no result.
    private var withoutResults = 0
    /// Polls in a row with `completed` and only links that cannot be fetched; and why.
    private var withUnusableLinks = 0
    private var unusableLink: String?
    /// Polls in a row with "no such task".
    private var notKnown = 0
    /// Polls in a row with an unknown status word and yet a result or an error.
    private var unnamedEndings = 0
    /// The last reply without progress, for an operator.
    private var received: String?
    /// The last refusal of the account, and whether it repeated the one before.
    private var refusal: String?
    private(set) var isRefusalRepeated = false

    init(began: MonotonicTime, graceEnds: MonotonicTime? = nil) {
        self.began = began
        self.graceEnds = graceEnds
    }

    /// Records one poll's outcome.
    mutating func record(_ outcome: PollOutcome) {
        polls += 1
        switch outcome {
        case .report(let report):
            failures = 0
            notKnown = 0
            let isWithoutLink = report.status == .completed && report.links.isEmpty
            withoutResults = isWithoutLink ? withoutResults + 1 : 0
            unusableLink = report.unusableLink
            withUnusableLinks = isWithoutLink && unusableLink != nil ? withUnusableLinks + 1 : 0
            unnamedEndings = report.isUnnamedEnding ? unnamedEndings + 1 : 0
            received = report.replyExcerpt
        case .unavailable(let message, _):
            failures += 1
            received = message
        case .credentialsRejected(let message):
            failures += 1
            received = message
            isRefusalRepeated = refusal == message
            refusal = message
        case .notKnown(let message):
            failures += 1
            notKnown += 1
            received = message
        }
    }

    /// Returns the report, with an end in place of an unknown status word that has lasted for some polls.
    func interpreted(_ report: ProviderReport) -> ProviderReport {
        guard report.isUnnamedEnding, unnamedEndings >= Limit.unnamedEndings else { return report }
        var report = report
        report.status = report.links.isEmpty ? .failed : .completed
        return report
    }

    /// Returns why to give the task up; `nil` while it is polled on. Errors alone never end a paid task.
    func giveUpReason(at now: MonotonicTime, deadline: Duration) -> FailureReason? {
        if withUnusableLinks >= Limit.unusableLinks, let unusableLink {
            return FailureReason(
                code: "result_lost", message: "the provider says completed, but \(unusableLink)")
        }
        if withoutResults >= Limit.withoutResults {
            return failure("result_lost", "the provider says completed but shows no video")
        }
        if notKnown >= Limit.notKnown, now - began > Limit.notKnownFor {
            return failure("resource_not_found", "the provider no longer knows this task")
        }
        if now - began > deadline {
            return failure("generation_timeout", "the provider did not finish within the poll deadline")
        }
        return nil
    }

    private func failure(_ code: String, _ message: String) -> FailureReason {
        FailureReason(code: code, message: message + (received.map { "; received: \($0)" } ?? ""))
    }
}

extension ProviderReport {
    /// Whether a result or an error came with an unknown status word.
    fileprivate var isUnnamedEnding: Bool {
        guard case .unknown = status else { return false }
        return !links.isEmpty || failure != nil
    }
}
