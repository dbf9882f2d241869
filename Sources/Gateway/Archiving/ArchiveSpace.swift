import Synchronization
import VideoJobs

/// The space of the archive: what its content takes, and what is reserved for results to come.
///
/// Each result of a task that is being sent, runs or is copied has a reservation: the bytes of the largest
/// result of its kind, and at least `GatewaySettings.reserveMin`. Reservations follow from the records of
/// tasks, so none is lost or left over. A task whose outcome is uncertain has none: it may stay so for ever,
/// and if it is adopted, its results are reserved whether or not there is room.
final class ArchiveSpace: Sendable {
    /// Bytes that a further reservation needs and the archive does not have.
    struct Shortage: Equatable {
        /// The size of the reservation.
        var size: Int64
        /// The bytes that are reserved already.
        var reserved: Int64
        /// The limit of the archive; `nil` for none.
        var bytesMax: Int64?
        /// Beyond the limit of the archive, and on its disk.
        var limit: Int64
        var disk: Int64

        /// The bytes of content that would have to be removed.
        var bytes: Int64 { max(limit, disk) }
    }

    private struct State {
        var contentBytes: Int64 = 0
        /// Advances with each change of the content.
        var contentChanges = 0
        var reservations: [TaskID: Int64] = [:]
        var reservedBytes: Int64 = 0
        /// The largest result of each kind.
        var largest: [ResultKind: Int64] = [:]
        /// What the disk has left for results when it was last looked at; `bytes` is `nil` if unknown.
        var free: (bytes: Int64?, at: MonotonicTime)?

        mutating func set(_ bytes: Int64, for id: TaskID) {
            reservedBytes += bytes - (reservations[id] ?? 0)
            reservations[id] = bytes > 0 ? bytes : nil
        }
    }

    /// Kinds that are distinguished; results of further ones count as the largest of all.
    static let kindsMax = 1_000

    private let bytesMax: Int64?
    private let reserveMin: Int64
    private let state = Mutex(State())

    init(settings: GatewaySettings) {
        bytesMax = settings.archiveBytesMax
        reserveMin = settings.reserveMin
    }

    /// The bytes of all archived content. Retention counts anew by the store before it removes anything.
    var contentBytes: Int64 { state.withLock { $0.contentBytes } }
    var reservedBytes: Int64 { state.withLock { $0.reservedBytes } }

    /// The state of the content, for a count that is about to begin.
    var contentChanges: Int { state.withLock { $0.contentChanges } }

    /// Sets the bytes that the store has counted, unless content was added or removed since: the count may
    /// have missed that.
    func setContentBytes(_ bytes: Int64, countedAfter changes: Int) {
        state.withLock { if $0.contentChanges == changes { $0.contentBytes = bytes } }
    }

    /// Sets what was learned before the start.
    func setLargest(_ largest: [ResultKind: Int64]) { state.withLock { $0.largest = largest } }

    /// Sets the bytes that the disk has left for results; `nil` if that is unknown.
    func setFree(_ bytes: Int64?, at time: MonotonicTime) { state.withLock { $0.free = (bytes, time) } }

    /// How old the knowledge of the disk is; `nil` if there is none.
    func ageOfFree(at now: MonotonicTime) -> Duration? { state.withLock { $0.free.map { now - $0.at } } }
}

// Reservations.
extension ArchiveSpace {
    /// Reserves space for the results of a job that is about to be sent, if there is room.
    func reserve(_ record: TaskRecord) -> Bool {
        state.withLock { state in
            if state.reservations[record.id] != nil { return true }
            guard shortage(record, state) == nil else { return false }
            state.set(size(of: record, state), for: record.id)
            return true
        }
    }

    /// Returns what a reservation for a job lacks; `nil` if there is room.
    func shortage(for record: TaskRecord) -> Shortage? { state.withLock { shortage(record, $0) } }

    /// Removes the reservation of a task that was not sent.
    func release(_ id: TaskID) { state.withLock { $0.set(0, for: id) } }

    /// Follows a record. Returns whether there is more room than before.
    func reconcile(_ record: TaskRecord, after before: TaskRecord?) -> Bool {
        state.withLock { state in
            let taken = state.contentBytes + state.reservedBytes
            if let before {
                let change = record.keptBytes - before.keptBytes
                state.contentBytes += change
                if change != 0 { state.contentChanges += 1 }
                // A copy has filled the disk since it was looked at, at most by so much.
                if change > 0, let bytes = state.free?.bytes { state.free?.bytes = bytes - change }
                if change > 0 { learn(from: record, &state) }
            }
            let results = record.resultsToCome
            state.set(results == 0 ? 0 : size(of: record, state) * Int64(results), for: record.id)
            return state.contentBytes + state.reservedBytes < taken
        }
    }

    private func learn(from record: TaskRecord, _ state: inout State) {
        let kind = ResultKind(of: record)
        guard state.largest[kind] != nil || state.largest.count < Self.kindsMax else { return }
        let bytes = record.results.map(\.bytes).max() ?? 0
        state.largest[kind] = max(bytes, state.largest[kind] ?? 0)
    }

    private func size(of record: TaskRecord, _ state: borrowing State) -> Int64 {
        guard reserveMin > 0 else { return 0 }
        let kind = ResultKind(of: record)
        let known = state.largest[kind] ?? state.largest[ResultKind(model: kind.model, resolution: nil)]
        if known == nil, state.largest.count == Self.kindsMax {
            return max(reserveMin, state.largest.values.max() ?? 0)
        }
        return max(reserveMin, known ?? 0)
    }

    private func shortage(_ record: TaskRecord, _ state: borrowing State) -> Shortage? {
        let size = size(of: record, state)
        guard size > 0 else { return nil }
        let needed = state.reservedBytes + size
        let shortage = Shortage(
            size: size, reserved: state.reservedBytes, bytesMax: bytesMax,
            limit: bytesMax.map { state.contentBytes + needed - $0 } ?? 0,
            disk: (state.free?.bytes).map { needed - $0 } ?? 0)
        return shortage.bytes > 0 ? shortage : nil
    }
}

extension TaskRecord {
    /// The bytes of its results that are in the archive.
    fileprivate var keptBytes: Int64 { state == .completed && !contentRemoved ? contentBytes : 0 }

    /// The number of results that are not in the archive yet and are expected.
    fileprivate var resultsToCome: Int {
        switch state {
        case .sending, .running: 1
        case .archiving: max(1, links.count)
        case .completed: graceDeadline == nil || contentRemoved ? 0 : max(0, links.count - results.count)
        case .queued, .failed, .uncertain, .cancelled: 0
        }
    }
}
