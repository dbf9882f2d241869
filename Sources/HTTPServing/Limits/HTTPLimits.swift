/// The limits of a server (contract, section 2). Times in seconds as `Duration`, sizes in bytes.
package struct HTTPLimits: Equatable, Sendable {
    /// The header section of one request.
    package var header = 16 * 1024
    /// Connections at once, over all loops and addresses. At the limit, a new connection evicts the
    /// longest-idle one; if none is idle it gets 503 and is closed.
    package var connections = 10_000
    /// For a whole head, from its first byte on.
    package var headerTimeout: Duration = .seconds(10)
    /// For a whole body, and for any progress of a response being sent.
    package var bodyTimeout: Duration = .seconds(30)
    /// The lowest rate at which a client may receive a response, in bytes a second over the whole response;
    /// `bodyTimeout` is added.
    package var sendingRateMin = 16 * 1024
    /// How long an idle connection is kept while draining: its client may be sending at this very moment.
    package var drainGrace: Duration = .milliseconds(500)
    /// Between requests.
    package var idleTimeout: Duration = .seconds(75)
    /// The largest request body that handlers take. HTTP/2 windows are derived from it.
    package var body = 64 * 1024
    /// Incomplete request bodies in memory, over all connections and loops.
    package var heldBodies = 64 << 20

    package init() {}

    /// The window of an HTTP/2 stream. Never less than the 65,535 bytes that a client may send before it
    /// knows our settings (RFC 9113 §6.9.2), for not every client copes with a window that became negative.
    var streamWindow: Int { min(max(body, 64 * 1024), 1 << 20) }
}
