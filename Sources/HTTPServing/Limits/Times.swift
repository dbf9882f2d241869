internal import Transport

/// Time limits in nanoseconds, converted once.
struct Times {
    let header: UInt64
    let body: UInt64
    let idle: UInt64
    /// How long a client may be silent after a response that closed the connection; while it sends, `body`
    /// bounds the whole (RFC 9112 §9.6).
    let linger: UInt64
    /// The same while draining, and how long an HTTP/2 client may take to acknowledge a GOAWAY.
    let shortLinger: UInt64

    private let sendingRateMin: UInt64

    /// Returns how long a response of so many bytes may take to be sent, whatever progress it makes.
    func sending(_ bytes: Int64) -> UInt64 { body &+ transfer(bytes) }

    /// Returns the time for so many bytes at the minimum rate.
    func transfer(_ bytes: Int64) -> UInt64 {
        let (seconds, rest) = UInt64(max(0, bytes)).quotientAndRemainder(dividingBy: sendingRateMin)
        return seconds &* 1_000_000_000 &+ rest &* 1_000_000_000 / sendingRateMin
    }

    init(_ limits: HTTPLimits) {
        header = limits.headerTimeout.wholeNanoseconds
        body = limits.bodyTimeout.wholeNanoseconds
        idle = limits.idleTimeout.wholeNanoseconds
        linger = min(body, 5_000_000_000)
        shortLinger = min(body, 2_000_000_000)
        sendingRateMin = UInt64(max(1, limits.sendingRateMin))
    }
}
