import GatewayFakes
import VideoJobs

@testable import Gateway

/// The history of one task as observed from outside the gateway.
struct ObservedTask {
    /// The outcome of a POST.
    enum CreateEnding { case open, notAccepted, refused, accepted, unknown }

    /// One POST.
    struct Create {
        let number: Int
        let attempt: Int
        var isBilled = false
        var ending = CreateEnding.open
    }

    /// The durable record after each change; the one at index `i` has version `i + 1`.
    var history: [TaskRecord]
    /// The idempotency key with its client.
    var key: String?
    var isAdmissionReported = false
    /// POSTs since the last resubmission.
    var creates: [Create] = []
    /// POSTs before the last resubmission.
    var earlierCreates: [Create] = []
    var resubmissions = 0
    var adoptions = 0
    /// When archiving completed, with the offset of the wall clock at that time.
    var completed: (at: MonotonicTime, wallOffset: Duration)?

    /// Whether retention removed the content, recorded or not.
    var isRemoved = false

    /// - Parameter record: queued, or admitted together with the intent to send it.
    init(admitted record: TaskRecord) {
        var queued = record
        queued.state = .queued
        queued.version = 1
        queued.attempts = 0
        history = record.state == .sending ? [queued, record] : [record]
    }

    /// The record after the last change.
    var newest: TaskRecord { history[history.count - 1] }
    var billed: Int { (creates + earlierCreates).filter(\.isBilled).count }

    /// Appends a durable change; throws if it must not happen.
    mutating func follow(_ record: TaskRecord, before: TaskRecord, _ name: String) throws {
        guard before == newest else { throw InvariantError("\(record.id): saved over another version") }
        guard record.version == before.version + 1 else {
            throw InvariantError("\(record.id): version \(before.version) became \(record.version)")
        }
        guard Self.successors(of: before.state).contains(record.state) else {
            throw InvariantError("\(record.id): \(before.state) became \(record.state)")
        }
        let attempts = before.attempts + (record.state == .sending ? 1 : 0)
        guard record.attempts == attempts else {
            throw InvariantError("\(record.id): \(record.attempts) attempts after \(before.attempts)")
        }
        if record.progress < before.progress { throw InvariantError("\(record.id): progress fell") }
        if before.state == .uncertain, record.state == .queued {
            resubmissions += 1
            earlierCreates += creates
            creates = []
        }
        if before.state == .uncertain, record.state == .running { adoptions += 1 }
        history.append(record)
    }

    /// Records that a POST begins; throws if an earlier one was accepted or has an unknown outcome.
    mutating func create(_ number: Int) throws {
        let id = newest.id
        guard newest.state == .sending else {
            throw InvariantError("\(id): sent while the stored state is \(newest.state)")
        }
        if let earlier = creates.first(where: { $0.ending != .notAccepted }) {
            throw InvariantError("\(id): sent again after create \(earlier.number): \(earlier.ending)")
        }
        if (creates + earlierCreates).contains(where: { $0.attempt == newest.attempts }) {
            throw InvariantError("\(id): attempt \(newest.attempts) sent twice")
        }
        creates.append(Create(number: number, attempt: newest.attempts))
    }

    /// Changes the POST of this number.
    mutating func change(_ number: Int, _ change: (inout Create) -> Void) {
        if let index = creates.firstIndex(where: { $0.number == number }) { change(&creates[index]) }
        if let index = earlierCreates.firstIndex(where: { $0.number == number }) {
            change(&earlierCreates[index])
        }
    }

    private static func successors(of state: TaskState) -> Set<TaskState> {
        switch state {
        case .queued: [.sending, .cancelled, .failed]
        case .sending: [.running, .failed, .queued, .uncertain]
        case .running: [.running, .archiving, .failed]
        case .archiving: [.archiving, .completed, .failed]
        case .completed: [.completed]
        // The result came during the grace period.
        case .failed: [.failed, .archiving]
        // Settled by an operator.
        case .uncertain: [.running, .failed, .queued]
        case .cancelled: []
        }
    }
}
