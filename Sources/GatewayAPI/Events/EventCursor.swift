/// How far a stream has come.
enum EventCursor: Sendable {
    /// It sends stored events after a position. `isVerified`: the position is one of this store.
    case resuming(after: Int64, isVerified: Bool, sent: Int)
    /// It sends the present states of all tasks.
    case snapshot(EventSnapshot)
    /// It sends changes as they happen, after a position. Those up to `settled` may be older than the
    /// snapshot that was sent.
    case live(after: Int64, settled: Int64)
    /// Nothing further will come.
    case ended
}
