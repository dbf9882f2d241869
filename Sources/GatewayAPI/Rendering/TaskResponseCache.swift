package import Gateway
import Synchronization
package import VideoJobs

/// The rendered responses of the tasks that the gateway has in memory, built when a task changes.
///
/// A read is one look-up under a lock that is never held while a response is rendered. A queued task has
/// none, because its queue position changes without it, nor has one that is being sent, because it changes
/// before a client reads it. Holds at most the gateway's cached tasks.
package final class TaskResponseCache: TaskObserver {
    private struct Entry {
        let version: Int
        /// `nil` for a state that is not rendered ahead.
        let response: TaskResponses?
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Task ids by provider task id.
        var aliases: [String: String] = [:]
    }

    private let publicURL: String
    private let state = Mutex(State())

    package init(publicURL: String) { self.publicURL = publicURL }

    /// Returns the prebuilt response for a task id or provider task id.
    package func cached(_ id: String) -> TaskResponses? {
        state.withLock { state in
            if let entry = state.entries[id] { return entry.response }
            return state.aliases[id].flatMap { state.entries[$0]?.response }
        }
    }

    /// Returns the response for the version of a task in a view.
    package func response(for view: TaskView) -> TaskResponses {
        let known = state.withLock { $0.entries[view.record.id.text] }
        if let known, known.version == view.record.version, let response = known.response { return response }
        return TaskResponses(view.record, standing: view.standing, publicURL: publicURL)
    }

    package func taskPublished(_ record: TaskRecord) {
        let response = record.state.isShortLived ? nil : TaskResponses(record, publicURL: publicURL)
        let id = record.id.text
        state.withLock { state in
            if let known = state.entries[id], known.version >= record.version { return }
            state.entries[id] = Entry(version: record.version, response: response)
            if let alias = record.providerTaskID { state.aliases[alias.text] = id }
        }
    }

    package func taskEvicted(_ record: TaskRecord) {
        state.withLock { state in
            state.entries[record.id.text] = nil
            if let alias = record.providerTaskID { state.aliases[alias.text] = nil }
        }
    }
}

extension TaskState {
    /// Whether the record is about to change, or its document shows more than the record holds.
    fileprivate var isShortLived: Bool {
        switch self {
        case .queued, .sending: true
        case .running, .archiving, .completed, .failed, .uncertain, .cancelled: false
        }
    }
}
