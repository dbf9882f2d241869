import Gateway

/// A mutation that waits for a transaction, with its caller.
struct PendingMutation: Sendable {
    /// Runs in the transaction. The closure that it returns resumes the caller after the commit.
    let apply: @Sendable (WriteTransaction) throws -> @Sendable () -> Void
    let fail: @Sendable (StoreError) -> Void
    /// About how many bytes it holds in memory.
    let bytes: Int
    /// Whether it changes no task: a probe, or a change of the store's identity.
    var isCheck = false
    /// Whether a change that it makes raises the store's sequence.
    var raisesSequence = true
}
