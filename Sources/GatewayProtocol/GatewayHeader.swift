/// Header fields that this API defines or takes from drafts; all others are named where they are used.
package enum GatewayHeader {
    package static let idempotencyKey = "Idempotency-Key"
    package static let idempotentReplayed = "Idempotent-Replayed"
    /// `false` on every response after which a blind second POST could buy a second video.
    package static let shouldRetry = "x-should-retry"
}
