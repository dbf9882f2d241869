package import Gateway
import GatewayProtocol
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

    /// Keyed by the path of a task, so that a request's path is looked up as it is.
    private struct State {
        var entries: [String: Entry] = [:]
        /// Paths with the task id by paths with the provider task id.
        var aliases: [String: String] = [:]
    }

    private let publicURL: String
    private let state = Mutex(State())

    package init(publicURL: String) { self.publicURL = publicURL }

    /// Returns the prebuilt response for the path of a task, with its task id or provider task id.
    package func cached(path: String) -> TaskResponses? {
        guard path.hasPrefix(Self.pathPrefix) else { return nil }
        return state.withLock { state in
            if let entry = state.entries[path] { return entry.response }
            return state.aliases[path].flatMap { state.entries[$0]?.response }
        }
    }

    /// The path of a task without its id.
    private static let pathPrefix = String(GatewayPath.task.prefix { $0 != "{" })

    private static func path(_ id: TaskID) -> String { pathPrefix + id.text }

    /// `nil` for an id that is not one segment of a path: it would name another endpoint.
    private static func path(_ id: ProviderTaskID) -> String? {
        id.text.contains { "/%".contains($0) } ? nil : pathPrefix + id.text
    }

    /// Returns the response for the version of a task in a view.
    package func response(for view: TaskView) -> TaskResponses {
        let path = Self.path(view.record.id)
        let known = state.withLock { $0.entries[path] }
        if let known, known.version == view.record.version, let response = known.response { return response }
        return TaskResponses(view.record, queueStatus: view.queueStatus, publicURL: publicURL)
    }

    /// Returns the document of the version of a task in a view.
    func json(for view: TaskView) -> [UInt8] {
        let known = state.withLock { $0.entries[Self.path(view.record.id)] }
        if let known, known.version == view.record.version, let response = known.response {
            return response.json
        }
        return view.record.json(view.queueStatus, links: Links(publicURL: publicURL))
    }

    package func taskPublished(_ record: TaskRecord) {
        let response =
            record.state.isShortLived
            ? nil
            : TaskResponses(record, queueStatus: QueueStatus(blockedCopyOf: record), publicURL: publicURL)
        let path = Self.path(record.id)
        let alias = record.providerTaskID.flatMap(Self.path)
        state.withLock { state in
            if let known = state.entries[path], known.version >= record.version { return }
            state.entries[path] = Entry(version: record.version, response: response)
            if let alias { state.aliases[alias] = path }
        }
    }

    package func taskEvicted(_ record: TaskRecord) {
        let path = Self.path(record.id)
        let alias = record.providerTaskID.flatMap(Self.path)
        state.withLock { state in
            state.entries[path] = nil
            if let alias { state.aliases[alias] = nil }
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
