import DequeModule
import Synchronization
import VideoJobs

/// The newest record of every task with work left and of recently ended tasks. A read is one look-up.
final class TaskCache: Sendable {
    private struct State {
        var records: [String: TaskRecord] = [:]
        /// Our task ids by the provider's.
        var aliases: [String: String] = [:]
        /// Ended tasks, in the order in which they ended.
        var ended: Deque<String> = []
    }

    private let endedMax: Int
    private let state = Mutex(State())

    init(endedMax: Int) { self.endedMax = endedMax }

    /// Returns the record for our task id or the provider's.
    func record(_ id: String) -> TaskRecord? {
        state.withLock { state in
            state.records[id] ?? state.aliases[id].flatMap { state.records[$0] }
        }
    }

    /// Inserts a record. Returns the ended tasks that were evicted for it; `nil` if a newer record, or the
    /// same, is here already.
    func insert(_ record: TaskRecord) -> [TaskRecord]? {
        state.withLock { state in
            let id = record.id.text
            let known = state.records[id]
            if let known, known.version >= record.version { return nil }
            state.records[id] = record
            if let alias = record.providerTaskID { state.aliases[alias.text] = id }
            if record.hasWorkLeft || known?.hasWorkLeft == false { return [] }
            state.ended.append(id)
            return Self.evict(from: &state, max: endedMax)
        }
    }

    private static func evict(from state: inout State, max: Int) -> [TaskRecord] {
        var evicted: [TaskRecord] = []
        while state.ended.count > max, let oldest = state.ended.popFirst() {
            // A task that was resumed is counted again when it ends again.
            guard let record = state.records[oldest], !record.hasWorkLeft else { continue }
            state.records[oldest] = nil
            if let alias = record.providerTaskID { state.aliases[alias.text] = nil }
            evicted.append(record)
        }
        return evicted
    }
}
