import Gateway
import GatewayFakes
import TestSupport
import VideoJobs

/// What happened, as lines: the last ones for whoever has to understand a violation, all of them as one
/// number that tells whether two runs were the same.
struct Trace {
    private(set) var last: [String] = []
    /// Of all lines; comparable within one process.
    private(set) var fingerprint = 0
    private(set) var failure: (any Error)?
    /// All of it where one seed is looked at.
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

extension OutsideEvent {
    var message: String {
        switch self {
        case .called(let id, let number): "provider: create \(number) for \(id)"
        case .accepted(let id, let number): "provider: create \(number) for \(id) is billed"
        case .verdictReturned(let id, let number, let verdict):
            "provider: create \(number) for \(id): \(verdict.message)"
        case .pollBegan(let providerTaskID, _): "provider: asked about \(providerTaskID)"
        case .pollEnded(let providerTaskID): "provider: told about \(providerTaskID)"
        case .removed(let id): "archive: removed \(id)"
        }
    }
}

extension SubmissionVerdict {
    fileprivate var message: String {
        switch self {
        case .accepted(let providerTaskID, _): "accepted as \(providerTaskID)"
        case .refused(let failure): "refused: \(failure.code)"
        case .notAccepted(let obstacle, let wish, _), .blocked(let obstacle, let wish, _):
            "not accepted: \(obstacle.rawValue)" + (wish.map { ", again after \($0)" } ?? "")
        case .unknown(let reply): "lost: \(reply.message)"
        }
    }
}

extension TaskChange {
    /// What a gateway would do that sends again what it had begun to send.
    static func queueAgain(_ record: TaskRecord) -> TaskChange {
        var again = record
        again.state = .queued
        again.version += 1
        let event = TaskEventRecord(number: again.version, at: again.updated, name: "forgotten")
        return TaskChange(from: record, to: again, event: event)
    }
}

extension SeededRandom {
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }
}
