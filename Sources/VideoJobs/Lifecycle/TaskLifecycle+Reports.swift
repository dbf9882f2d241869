extension TaskLifecycle {
    /// Follows a report on a running task.
    mutating func follow(_ report: ProviderReport, at time: Timestamp) -> Step? {
        switch report.status {
        case .pending, .processing, .unknown:
            return keepGoing(report, at: time)

        case .completed where report.links.isEmpty:
            // A known race: the word can come before its results.
            return keepGoing(report, at: time)

        case .completed:
            return beginArchiving(report, at: time, "archiving")

        case .failed, .cancelled:
            copyProgress(from: report)
            return fail(report.ending, price: .freed, at: time)
        }
    }

    private mutating func beginArchiving(
        _ report: ProviderReport, at time: Timestamp, _ name: String
    ) -> Step? {
        copyProgress(from: report)
        record.links = report.links
        record.progress = 99
        return move(to: .archiving, at: time, name, nil)
    }

    /// Follows a report on a timed-out task: only an end counts.
    mutating func recover(with report: ProviderReport, at time: Timestamp) -> Step? {
        switch report.status {
        case .pending, .processing, .unknown:
            return nil

        case .completed where report.links.isEmpty:
            return nil

        case .completed:
            record.failure = nil
            record.graceDeadline = nil
            return beginArchiving(report, at: time, "recovered")

        case .failed, .cancelled:
            record.graceDeadline = nil
            return fail(report.ending, price: .freed, at: time)
        }
    }

    private mutating func keepGoing(_ report: ProviderReport, at time: Timestamp) -> Step? {
        let before = record
        copyProgress(from: report)
        guard record != before else { return nil }
        return move(to: .running, at: time, "progress", "\(record.progress)")
    }

    /// Copies progress, status and usage from a report.
    mutating func copyProgress(from report: ProviderReport) {
        // 100 is reported once the video is archived, and progress never falls.
        if let progress = report.progress { record.progress = max(record.progress, min(progress, 99)) }
        switch report.status {
        case .pending: break
        case .processing, .completed, .failed, .cancelled: record.providerStatus = .processing
        case .unknown: break
        }
        record.usage = report.usage ?? record.usage
    }
}

extension ProviderReport {
    /// Returns why a task ended at the provider without a video.
    fileprivate var ending: FailureReason {
        if let failure { return failure }
        return status == .cancelled
            ? FailureReason(code: "request_cancelled", message: "the provider cancelled the task")
            : FailureReason(code: "unknown_error", message: "the provider gave no reason")
    }
}
