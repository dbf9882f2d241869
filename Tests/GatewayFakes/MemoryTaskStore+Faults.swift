package import Gateway
import Synchronization
package import VideoJobs

/// What a test does to a store behind the gateway's back.
extension MemoryTaskStore {
    /// Makes every call, or every call that writes, throw an error; `nil` ends that.
    package func fail(with failure: StoreError?, reads: Bool = true) {
        state.withLock { state in
            state.failure = failure
            state.readsFail = reads
        }
    }

    /// The number of calls of `check()`.
    package var checks: Int { state.withLock { $0.checks } }

    /// Makes the next changes durable but throws an error for each.
    package func loseReplies(_ count: Int) { state.withLock { $0.repliesToLose = count } }

    /// Lets so many further saves succeed and makes all later ones fail; `nil` removes the limit.
    package func allowSaves(_ count: Int?) { state.withLock { $0.savesLeft = count } }

    /// A function that restores the current state.
    package var backup: @Sendable (MemoryTaskStore) -> Void {
        let (order, records, payloads, feed, audit, claims, identity) = state.withLock {
            ($0.order, $0.records, $0.payloads, $0.feed, $0.audit, $0.claims, $0.identity)
        }
        let deliveries = state.withLock(\.deliveries)
        return { store in
            store.state.withLock { state in
                (state.order, state.records, state.payloads) = (order, records, payloads)
                (state.feed, state.audit, state.claims, state.identity) = (feed, audit, claims, identity)
                state.deliveries = deliveries
            }
        }
    }

    /// Every durable change from the given number on, oldest first.
    package func changes(from number: Int) -> ArraySlice<StoredChange> {
        state.withLock { $0.changes[number...] }
    }

    /// All durable records, oldest first, even while calls fail.
    package var durable: [TaskRecord] {
        state.withLock { state in state.order.compactMap { state.records[$0] } }
    }

    /// Replaces a record by an earlier version, as a store without durability would.
    package func revert(to record: TaskRecord) { state.withLock { $0.records[record.id] = record } }

    /// Removes the payload of a task.
    package func losePayload(of id: TaskID) { state.withLock { $0.payloads[id] = nil } }

    /// Delivers a change that is not stored, as a broken store would.
    package func deliverUnstored(_ change: TaskChange) {
        let receive = state.withLock(\.receive)
        receive?([CommittedChange(sequence: 0, record: change.record, before: change.before)])
    }
}
