/// How long a connection whose own side is closed drops what its client still sends.
struct Linger {
    /// When it began, on the reactor's clock in nanoseconds.
    let since: UInt64
    /// When the client last sent something.
    var lastReceived: UInt64

    init(since: UInt64) {
        self.since = since
        lastReceived = since
    }

    /// Returns when the connection is closed: after so long a silence, and in any case after `total`.
    func end(silence: UInt64, total: UInt64) -> UInt64 { min(lastReceived + silence, since + total) }
}
