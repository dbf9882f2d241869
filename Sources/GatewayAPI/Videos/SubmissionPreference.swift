import HTTPWire
package import VideoJobs

/// How long a client wants a POST to wait (RFC 7240).
package enum SubmissionPreference: Equatable, Sendable {
    /// With the provider's verdict, within the gateway's own bound.
    case verdict
    /// As soon as the job is durable.
    case respondAsync
    /// When the task has ended, or after this many seconds.
    case wait(seconds: Int)

    /// Whether waiting longer cannot change the response.
    package func isSatisfied(by record: TaskRecord) -> Bool {
        switch self {
        case .respondAsync: true
        case .verdict: !record.awaitsVerdict || record.isBlockedByAccount || record.waitsForSpace
        case .wait: !record.state.isOpen || record.isBlockedByAccount
        }
    }
}

extension SubmissionPreference {
    /// With both, the client wants to wait first and an asynchronous response only then (RFC 7240 §4.3).
    init(_ preferences: Preferences) {
        if let seconds = preferences.boundedWait {
            self = .wait(seconds: seconds)
        } else {
            self = preferences.respondsAsync ? .respondAsync : .verdict
        }
    }

    /// Whether it is a wait for the end of the task.
    var isWait: Bool { if case .wait = self { true } else { false } }

    /// How long the POST waits for the preference to be satisfied.
    func waitMax(default bound: Duration) -> Duration {
        switch self {
        case .verdict: bound
        case .respondAsync: .zero
        case .wait(let seconds): .seconds(seconds)
        }
    }

    /// The value of `Preference-Applied` (RFC 7240 §3).
    var applied: String? {
        switch self {
        case .verdict: nil
        case .respondAsync: "respond-async"
        case .wait(let seconds): "wait=\(seconds)"
        }
    }
}

extension Preferences {
    /// The longest that a client may wait in one request, in seconds.
    static let waitSecondsMax = 300

    /// The client's wait, up to the longest (RFC 7240 §4.3: it is an upper bound).
    var boundedWait: Int? { wait.map { min($0, Self.waitSecondsMax) } }
}

extension TaskRecord {
    fileprivate var awaitsVerdict: Bool { state == .queued || state == .sending }

    /// Whether it waits until the archive has space.
    fileprivate var waitsForSpace: Bool { state == .queued && blockReason == .archiveUnavailable }

    /// Whether it waits until a person has corrected the provider account.
    fileprivate var isBlockedByAccount: Bool {
        state == .queued && (blockReason == .credentialsRejected || blockReason == .quotaExhausted)
    }
}
