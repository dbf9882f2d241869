/// The order in which connections are evicted at the limit: the smallest goes first.
struct EvictionPriority: Comparable, Sendable {
    let cost: EvictionCost
    /// Since when it has waited for its client, on the reactor's clock in nanoseconds.
    let since: UInt64

    static func < (one: EvictionPriority, other: EvictionPriority) -> Bool {
        (one.cost.rawValue, one.since) < (other.cost.rawValue, other.since)
    }
}
