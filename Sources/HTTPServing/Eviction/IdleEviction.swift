/// Chooses the connections that are evicted for new ones: those that have waited longest for their clients,
/// so that a client which holds many idle connections cannot exclude others.
///
/// Sorts all connections only once for many choices: with ten thousand that takes a millisecond.
struct IdleEviction {
    private var candidates: [(id: ObjectIdentifier, priority: EvictionPriority)] = []
    private var nextScan: UInt64 = 0

    private static let candidatesMax = 256
    /// How long it does not scan again after it found none, in nanoseconds.
    private static let scanPause: UInt64 = 50_000_000

    /// Returns the next connection to evict; `nil` if there is none.
    mutating func next(
        of connections: [ObjectIdentifier: any ServedConnection], at now: UInt64
    ) -> (any ServedConnection)? {
        if let next = takeCandidate(of: connections) { return next }
        guard now >= nextScan else { return nil }
        let all = connections.compactMap { id, connection in connection.evictionPriority.map { (id, $0) } }
            .sorted { $0.1 < $1.1 }
        // Of one cost only: until these are evicted there will be more of it. The first to evict comes last.
        candidates = all.prefix(Self.candidatesMax).prefix { $0.1.cost == all[0].1.cost }.reversed()
        if candidates.isEmpty { nextScan = now + Self.scanPause }
        return takeCandidate(of: connections)
    }

    private mutating func takeCandidate(
        of connections: [ObjectIdentifier: any ServedConnection]
    ) -> (any ServedConnection)? {
        while let (id, priority) = candidates.popLast() {
            // One that has been active since the scan has another priority now.
            if let connection = connections[id], connection.evictionPriority == priority { return connection }
        }
        return nil
    }
}
