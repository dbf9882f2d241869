import GatewayFakes
import VideoJobs

@testable import Gateway

/// An invariant that does not hold.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ message: String) { description = message }
}

/// Everything that a simulation knows of one task, gathered from outside the gateway.
struct TaskWatch {
    enum CreateEnding { case open, notAccepted, refused, accepted, unknown }

    struct Create {
        let number: Int
        let attempt: Int
        var isBilled = false
        var ending = CreateEnding.open
    }

    /// The durable record after each change, in order; its version is its place, from 1.
    var history: [TaskRecord]
    var key: String?
    var isToldAdmitted = false
    /// Since an operator last decided to send again, and before.
    var creates: [Create] = []
    var createsBefore: [Create] = []
    var resubmissions = 0
    var adoptions = 0
    /// When the video was here, and how far the wall clock was ahead then.
    var completed: (at: MonotonicTime, wallOffset: Duration)?

    /// Whether retention has taken the video away, noted or not.
    var isRemoved = false

    /// - Parameter record: queued, or admitted together with the intent to send it.
    init(admitted record: TaskRecord) {
        var queued = record
        queued.state = .queued
        queued.version = 1
        queued.attempts = 0
        history = record.state == .sending ? [queued, record] : [record]
    }

    var newest: TaskRecord { history[history.count - 1] }
    var billed: Int { (creates + createsBefore).filter(\.isBilled).count }

    /// Takes a durable change, if it is one that may happen.
    mutating func follow(_ record: TaskRecord, before: TaskRecord, _ name: String) throws {
        guard before == newest else { throw Violation("\(record.id): saved over what was not there") }
        guard record.version == before.version + 1 else {
            throw Violation("\(record.id): version \(before.version) became \(record.version)")
        }
        guard Self.mayFollow(before.state).contains(record.state) else {
            throw Violation("\(record.id): \(before.state) became \(record.state)")
        }
        let attempts = before.attempts + (record.state == .sending ? 1 : 0)
        guard record.attempts == attempts else {
            throw Violation("\(record.id): \(record.attempts) attempts after \(before.attempts)")
        }
        if record.progress < before.progress { throw Violation("\(record.id): progress fell") }
        if before.state == .uncertain, record.state == .queued {
            resubmissions += 1
            createsBefore += creates
            creates = []
        }
        if before.state == .uncertain, record.state == .running { adoptions += 1 }
        history.append(record)
    }

    /// A POST begins: nothing before it may have been taken, or be in doubt.
    mutating func create(_ number: Int) throws {
        let id = newest.id
        guard newest.state == .sending else {
            throw Violation("\(id): sent while the store says \(newest.state)")
        }
        if let earlier = creates.first(where: { $0.ending != .notAccepted }) {
            throw Violation("\(id): sent again after create \(earlier.number): \(earlier.ending)")
        }
        if (creates + createsBefore).contains(where: { $0.attempt == newest.attempts }) {
            throw Violation("\(id): attempt \(newest.attempts) sent twice")
        }
        creates.append(Create(number: number, attempt: newest.attempts))
    }

    mutating func change(_ number: Int, _ change: (inout Create) -> Void) {
        if let place = creates.firstIndex(where: { $0.number == number }) { change(&creates[place]) }
        if let place = createsBefore.firstIndex(where: { $0.number == number }) {
            change(&createsBefore[place])
        }
    }

    private static func mayFollow(_ state: TaskState) -> Set<TaskState> {
        switch state {
        case .queued: [.sending, .cancelled, .failed]
        case .sending: [.running, .failed, .queued, .uncertain]
        case .running: [.running, .archiving, .failed]
        case .archiving: [.archiving, .completed, .failed]
        case .completed: [.completed]
        // Given up on, and it came after all.
        case .failed: [.failed, .archiving]
        // Settled by hand.
        case .uncertain: [.running, .failed, .queued]
        case .cancelled: []
        }
    }
}
