import Gateway
import GRDB
import Synchronization

/// Delivers committed changes in the order of their events, each once.
///
/// Called on the writer's queue alone, but for `receive`.
final class ChangeDelivery: Sendable {
    private struct State {
        /// The number of the last event that was delivered, or stored before the store was opened.
        var last: Int64
        var receive: (@Sendable ([CommittedChange]) -> Void)?
    }

    private let state: Mutex<State>

    /// - Parameter last: the number of the last event in the store when it was opened.
    init(after last: Int64) { state = Mutex(State(last: last)) }

    /// Sets the receiver.
    func receive(with receive: @escaping @Sendable ([CommittedChange]) -> Void) {
        state.withLock { $0.receive = receive }
    }

    /// Returns changes that are durable although their transaction failed, when the next one begins.
    func lateChanges(before transaction: WriteTransaction) throws -> [CommittedChange] {
        let last = state.withLock { $0.last }
        guard transaction.eventSequence > last else { return [] }
        return try FeedReads.changes(after: last, in: transaction.db)
    }

    /// Delivers the changes of a transaction that is durable.
    func deliver(_ transaction: WriteTransaction) {
        let receive = state.withLock { state in
            state.last = max(state.last, transaction.eventSequence)
            return state.receive
        }
        if !transaction.changes.isEmpty { receive?(transaction.changes) }
    }
}
