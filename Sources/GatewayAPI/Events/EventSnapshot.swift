import Gateway
import VideoJobs

/// The queries of a snapshot that are still to be sent: of all tasks that can change, and of those among the
/// newest that have ended.
struct EventSnapshot: Sendable {
    /// Why there is a snapshot.
    let reason: EventResetReason
    /// The position of the last event before the snapshot; `nil` until it begins.
    private(set) var position: Int64?
    /// What was sent.
    let sent = SnapshotVersions()
    private var queries: [TaskQuery]

    /// Tasks that are read at once.
    static let pageMax = 20
    /// The newest tasks, among which the ended ones are sent.
    static let recentMax = 100

    init(_ reason: EventResetReason, of subscription: EventSubscription) {
        self.reason = reason
        let states = subscription.state.map { [$0] } ?? TaskState.allCases
        let changing = states.filter { !$0.isFinal }.map { Optional($0) }
        // Only the last query is for tasks that have ended.
        let ended: [TaskState?] = subscription.state.map { $0.isFinal ? [$0] : [] } ?? [nil]
        queries = (changing + ended).map { state in
            var query = TaskQuery(limit: Self.pageMax)
            query.state = state
            query.client = subscription.client
            if state?.isFinal ?? true { query.limit = Self.recentMax }
            return query
        }
    }

    /// The next query; `nil` when all are done.
    var query: TaskQuery? { queries.first }

    mutating func begin(at position: Int64) { self.position = position }

    /// Notes the response to the query, and returns the tasks of it that belong to the snapshot.
    mutating func receive(_ page: [TaskRecord], hasMore: Bool) -> [TaskRecord] {
        guard let query = queries.first else { return [] }
        let isPaged = query.limit == Self.pageMax
        if isPaged, hasMore, let last = page.last {
            queries[0].after = last.id
        } else {
            queries.removeFirst()
        }
        return isPaged ? page : page.filter(\.state.isFinal)
    }
}
