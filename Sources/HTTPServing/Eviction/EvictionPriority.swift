/// The order in which connections are evicted at the limit: the smallest goes first.
struct EvictionPriority: Comparable, Sendable {
    let cost: EvictionCost
    /// Since when it has waited for its client, on the reactor's clock in nanoseconds.
    let since: UInt64

    static func < (one: EvictionPriority, other: EvictionPriority) -> Bool {
        (one.cost.rawValue, one.since) < (other.cost.rawValue, other.since)
    }
}

/// The cost of evicting a connection, in ascending order.
enum EvictionCost: Int, Sendable {
    /// It has sent no request, or is about to close.
    case nothing
    /// A kept connection that waits for the next request.
    case keptConnection
    /// Part of a head, or of a TLS handshake, has arrived.
    case head
    /// Part of a request body has arrived.
    case body
    /// Only response bodies without end are being streamed.
    case stream
}
