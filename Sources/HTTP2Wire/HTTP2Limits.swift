package import HTTPWire

/// Sizes, counts and times that bound a connection.
package struct HTTP2Limits: Equatable, Sendable {
    /// Limits for a request's head and trailers, as for HTTP/1.1.
    package var message: MessageLimits
    /// The most concurrent streams.
    package var streamsMax = 128
    /// The flow-control window of a stream in bytes; at least one frame's maximum size.
    package var streamWindow = 16 * 1024
    /// The flow-control window of the connection in bytes. Received content is consumed at once, so this
    /// bounds only the bytes in transit.
    package var connectionWindow = 256 * 1024
    /// The most time for a whole request body, and for sending a response on top of what `minimumRate`
    /// allows, in nanoseconds.
    package var bodyTimeout: UInt64
    /// How long a client may be silent on a stream whose response is complete but whose request is not,
    /// before the stream is reset, in nanoseconds. While the client sends, `bodyTimeout` bounds the whole.
    /// Some clients lose a response that a reset follows before they have sent everything.
    package var drainTimeout: UInt64 = 5_000_000_000
    /// The lowest rate at which a client must receive a response, in bytes per second.
    package var minimumRate: UInt64 = 1024

    package init(message: MessageLimits, bodyTimeout: UInt64) {
        self.message = message
        self.bodyTimeout = bodyTimeout
    }
}
