package import VideoJobs

/// Why a call failed.
package enum GatewayError: Error, Equatable, Sendable {
    case store(StoreError)
    /// The store is about to close.
    case shuttingDown
    /// 422 `idempotency_key_reused`.
    case idempotencyKeyReused
    /// The client may not use the model.
    case modelNotAllowed(String, client: String)
    /// The model accepts no new job.
    case modelRetired(JobIssue)
    /// The gateway sends no webhook to the job's callback; the reason.
    case callbackNotAllowed(String)
    /// A limit of the client or the gateway.
    case limited(LimitedJob)
    /// The caller's token was revoked, or its session ended, while it waited.
    case accessEnded
    /// The queue is at its limit.
    case queueFull
}
