/// How far a stream has come.
enum EventCursor: Sendable {
    /// It sends stored events after a position. `isVerified`: the position is one of this store. `beyond`:
    /// what a snapshot has sent.
    case resuming(after: Int64, isVerified: Bool, sent: Int, beyond: SnapshotVersions? = nil)
    /// It sends the present states of all tasks.
    case snapshot(EventSnapshot)
    /// It sends changes as they happen, after a position. `beyond`: what a snapshot has sent; `nil` once no
    /// change can be in it.
    case live(after: Int64, beyond: SnapshotVersions? = nil)
    /// Nothing further will come.
    case ended
}
