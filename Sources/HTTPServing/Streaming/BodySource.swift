/// A response body of unknown length, pulled by its connection as the client takes it.
///
/// All functions are called on the connection's loop and must not block. A source must not hold more than
/// a bounded number of bytes: if its client is too slow, it waits to produce more or aborts the response.
package protocol BodySource: AnyObject, Sendable {
    /// Whether the connection may be evicted for a new one while this body is being sent.
    var isEvictable: Bool { get }

    /// Called once, before the first `read`. `wakeup` may be used from any thread.
    func open(_ wakeup: BodyWakeup)

    /// Returns the next bytes: at least one, at most `limit`. After `.pending` the source must call
    /// `wakeup.resume()` when there is more.
    func read(upTo limit: Int) -> BodyRead

    /// Called when the server begins to drain. A body without end should end soon, so that its client can
    /// connect elsewhere; any other may go on until the bound of the drain, where it is cut.
    func beginDraining()

    /// Called once if the body is not read to its end: the client has gone, is too slow or was evicted, the
    /// response has no content (HEAD), or the source aborted. Nothing is read any more.
    func cancel()
}
