internal import Transport

/// A connection as its loop sees it, with any protocol.
protocol ServedConnection: AnyObject {
    /// Whether it counts against the limit of connections.
    var isAdmitted: Bool { get }

    /// Called when its socket is ready to be read or written, or is broken.
    func isReady(for readiness: Readiness)

    /// Called when the deadline of its socket expires.
    func deadlineExpired()

    /// Closes it now and removes it from the loop.
    func close()

    /// Eviction priority; `nil` if the connection must not be evicted.
    var evictionPriority: EvictionPriority? { get }

    /// Closes the connection at once in favour of a new one, unless a request has arrived in this moment.
    func evict()

    /// Called when draining begins.
    func beginDraining()

    /// Called a moment after draining began: closes the connection if no request is under way. A busy one
    /// closes itself after its response.
    func closeIfIdle()
}

extension ServedConnection {
    /// HTTP/1.1 announces the end with the next response.
    func beginDraining() {}
}
