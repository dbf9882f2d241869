/// Why the gateway could not do what it was asked.
package enum GatewayError: Error, Equatable, Sendable {
    case store(StoreError)
    /// The store is about to close.
    case shuttingDown
    /// 422 `idempotency_key_reused`.
    case idempotencyKeyReused
    /// The durable queue is at its bound.
    case queueFull
}
