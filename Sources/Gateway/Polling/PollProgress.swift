import VideoJobs

/// How the polls of one task went so far, in this process.
struct PollProgress: Equatable, Sendable {
    let began: MonotonicTime
    /// When nobody asks any more; set once the task was given up on.
    var lateEnds: MonotonicTime?
    var polls = 0
    /// In a row, without an answer about the task.
    var failures = 0
    /// In a row, with `completed` but no video.
    var withoutResults = 0
    /// In a row, with `completed` and no link but such as cannot be fetched; and why.
    var withUnusableLinks = 0
    var unusableLink: String?
    /// In a row, with "no such task".
    var notKnown = 0
    /// In a row, with a status word that nobody knows and yet a result or an error.
    var unnamedEndings = 0
    /// What the last poll brought that was no progress, for a person.
    var received: String?
    /// The last refusal of our account, and whether the same one came before.
    private(set) var refusal: String?
    private(set) var isRefusalRepeated = false

    /// After so many polls a word that nobody knows is an end, if its result or error says so.
    private static let unnamedEndingsMax = 3

    /// Notes one poll's outcome.
    mutating func note(_ outcome: PollOutcome) {
        polls += 1
        switch outcome {
        case .report(let report):
            failures = 0
            notKnown = 0
            let isWithoutLink = report.word == .completed && report.links.isEmpty
            withoutResults = isWithoutLink ? withoutResults + 1 : 0
            unusableLink = report.unusableLink
            withUnusableLinks = isWithoutLink && unusableLink != nil ? withUnusableLinks + 1 : 0
            unnamedEndings = report.isUnnamedEnding ? unnamedEndings + 1 : 0
            received = report.received
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

    /// The report, with an end in place of a word that nobody knows once that has lasted for some polls.
    func interpreted(_ report: ProviderReport) -> ProviderReport {
        guard report.isUnnamedEnding, unnamedEndings >= Self.unnamedEndingsMax else { return report }
        var report = report
        report.word = report.links.isEmpty ? .failed : .completed
        return report
    }

    /// Why patience is over, if it is. Errors alone never end a task that was paid for.
    func giveUpReason(at now: MonotonicTime, deadline: Duration) -> FailureReason? {
        if withUnusableLinks >= 5, let unusableLink {
            return FailureReason(
                code: "result_lost", message: "the provider says completed, but \(unusableLink)")
        }
        if withoutResults >= 60 {
            return failure("result_lost", "the provider says completed but shows no video")
        }
        if notKnown >= 30, now - began > .seconds(3600) {
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
    /// Whether a result or an error came with a word that nobody knows.
    fileprivate var isUnnamedEnding: Bool {
        guard case .unknown = word else { return false }
        return !links.isEmpty || failure != nil
    }
}
