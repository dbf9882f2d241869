import Gateway
import GatewayFakes
import TestSupport
import VideoJobs

/// The log of a run: the last lines for the diagnosis of an error, and a fingerprint of all lines.
struct Trace {
    /// The last lines.
    private(set) var last: [String] = []
    /// The hash of all lines; comparable within one process.
    private(set) var fingerprint = 0
    /// The first failure that a step recorded.
    private(set) var failure: (any Error)?
    /// The number of kept lines: all for a run of one seed.
    private static let kept = Seeds.all.count == 1 ? 1_000_000 : 200

    mutating func add(_ message: String, at time: MonotonicTime, step: Int) {
        let line = "\(step) \(time.milliseconds) \(message)"
        fingerprint = (fingerprint &* 31) ^ line.hashValue
        last.append(line)
        if last.count > Self.kept { last.removeFirst(100) }
    }

    mutating func fail(_ error: any Error) { failure = failure ?? error }
}

extension StoredChange {
    var message: String {
        switch self {
        case .admitted(let record, _): "\(record.id) admitted"
        case .saved(let record, _, let name): "\(record.id) \(record.version) \(name): \(record.state)"
        }
    }
}

extension ExternalEvent {
    var message: String {
        switch self {
        case .called(let id, let number): "provider: create \(number) for \(id)"
        case .accepted(let id, let number): "provider: create \(number) for \(id) is billed"
        case .verdictReturned(let id, let number, let verdict):
            "provider: create \(number) for \(id): \(verdict.message)"
        case .pollBegan(let providerTaskID, _): "provider: poll of \(providerTaskID)"
        case .pollEnded(let providerTaskID): "provider: end of the poll of \(providerTaskID)"
        case .removed(let id): "archive: removed \(id)"
        }
    }
}

extension SubmissionVerdict {
    fileprivate var message: String {
        switch self {
        case .accepted(let providerTaskID, _): "accepted as \(providerTaskID)"
        case .refused(let failure): "refused: \(failure.code)"
        case .notAccepted(let reason, let retryAfter, _), .blocked(let reason, let retryAfter, _):
            "not accepted: \(reason.rawValue)" + (retryAfter.map { ", Retry-After \($0)" } ?? "")
        case .unknown(let reply): "lost: \(reply.message)"
        }
    }
}
