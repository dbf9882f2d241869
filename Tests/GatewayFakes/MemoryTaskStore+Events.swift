package import Gateway
import Synchronization
package import VideoJobs

// The events of tasks.
extension MemoryTaskStore {
    package func events(of id: TaskID) async throws(StoreError) -> [TaskEventRecord] {
        try access { state throws(StoreError) in state.feed.history(of: id) }
    }

    package func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedTaskEvent] {
        try access { state throws(StoreError) in state.feed.events(after: sequence, limit: limit) }
    }

    package func events(
        of id: TaskID, after number: Int, limit: Int
    ) async throws(StoreError) -> [SequencedTaskEvent] {
        try access { state throws(StoreError) in state.feed.events(of: id, after: number, limit: limit) }
    }

    package func lastEventSequence() async throws(StoreError) -> Int64 {
        try access { state throws(StoreError) in state.feed.lastEventSequence }
    }
}
