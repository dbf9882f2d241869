import TestSupport

/// A fault that only a raw socket can cause.
struct RawFault: Sendable {
    var scheme = "http"
    /// Handles a connection; connections are counted from 0.
    var script: @Sendable (_ connection: RawConnection, _ number: Int, _ ledger: RawLedger) -> Void
}
