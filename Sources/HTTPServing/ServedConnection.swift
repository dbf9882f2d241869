/// A connection as its loop sees it, whatever it speaks.
protocol ServedConnection: AnyObject {
    /// Whether it counts against the limit of connections.
    var isAdmitted: Bool { get }

    /// Ends it now, and has the loop forget it.
    func close()

    /// What would be lost if it had to make room for another; `nil` if it cannot be spared.
    var evictionPriority: EvictionPriority? { get }

    /// Makes room for another connection: ends at once, unless it turns out to be wanted in this moment.
    func evict()

    /// Told when draining begins, if its protocol has a way of telling its client.
    func beginDraining()

    /// Asked a moment after that: ends it if nothing is under way, else it ends itself after what is.
    func closeIfIdle()
}

extension ServedConnection {
    /// HTTP/1.1 tells it with the next answer.
    func beginDraining() {}
}
