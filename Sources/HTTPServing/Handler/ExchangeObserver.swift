/// A middleware's view of one request until its response has ended.
package protocol ExchangeObserver: AnyObject, Sendable {
    /// Called once, on the connection's loop: when the last byte of the response was passed to the kernel, or
    /// when the connection or the stream ended before.
    func exchangeEnded(_ outcome: ExchangeOutcome)
}
