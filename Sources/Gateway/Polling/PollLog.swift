import Logging
import VideoJobs

/// Logs the polls that brought no progress.
struct PollLog: Sendable {
    private let log: StructuredLog

    init(_ log: StructuredLog) { self.log = log }

    func note(_ outcome: PollOutcome, of id: TaskID, _ progress: PollProgress) {
        var metadata: StructuredLog.Fields = ["task_id": "\(id)"]
        switch outcome {
        case .report(let report): note(report, metadata)
        case .unavailable(let message, _):
            metadata["reason"] = "\(message)"
            log.info(.pollFailed, "a poll failed", metadata: metadata)
        case .notKnown(let message):
            metadata["reason"] = "\(message)"
            log.warning(.pollTaskUnknown, "the provider does not know a task", metadata: metadata)
        case .credentialsRejected(let message):
            metadata["reason"] = "\(message)"
            log.log(
                level: progress.isRefusalRepeated ? .debug : .error, .pollRefused,
                "the provider refused a poll",
                metadata: metadata)
        }
    }

    private func note(_ report: ProviderReport, _ metadata: StructuredLog.Fields) {
        var metadata = metadata
        if let reason = report.unusableLink, report.status == .completed {
            metadata["reason"] = "\(reason)"
            log.warning(.pollResultUnusable, "a result cannot be fetched", metadata: metadata)
        }
        guard case .unknown(let word) = report.status else { return }
        metadata["status"] = "\(word)"
        metadata["received"] = "\(report.replyExcerpt ?? "")"
        log.warning(
            .pollStatusUnknown, "the provider's status word is not known: still polling", metadata: metadata)
    }
}
