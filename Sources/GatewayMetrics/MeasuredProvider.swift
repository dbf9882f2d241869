import Gateway
import Metrics
import VideoJobs

/// A provider whose calls are counted by their outcome.
struct MeasuredProvider: VideoProvider {
    let provider: any VideoProvider
    let calls: ProviderCallMetrics

    func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict {
        await calls.measure(.create) {
            await provider.create(payload, for: id)
        } outcome: {
            $0.outcome
        }
    }

    func poll(_ id: ProviderTaskID) async -> PollOutcome {
        await calls.measure(.poll) {
            await provider.poll(id)
        } outcome: {
            $0.outcome
        }
    }

    func models() async -> ModelListing {
        await calls.measure(.models) {
            await provider.models()
        } outcome: {
            $0.outcome
        }
    }
}

extension SubmissionVerdict {
    /// The value of the label `class`.
    fileprivate var outcome: String {
        switch self {
        case .accepted: "ok"
        case .refused: "refused"
        case .blocked(.providerUnreachable, _, _): "not_sent"
        case .notAccepted, .blocked: "not_accepted"
        case .unknown: "unknown"
        }
    }
}

extension PollOutcome {
    fileprivate var outcome: String {
        switch self {
        case .report: "ok"
        case .unavailable: "unavailable"
        case .notKnown: "not_known"
        case .credentialsRejected: "rejected"
        }
    }
}

extension ModelListing {
    fileprivate var outcome: String {
        switch self {
        case .listed: "ok"
        case .unsupported: "unsupported"
        case .rejected: "rejected"
        case .unavailable: "unavailable"
        }
    }
}
