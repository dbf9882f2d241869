/// The gateway's time limits for one row.
struct TimeLimits: Hashable, Sendable {
    var connect = "10s"
    var submit = "30s"
    var wait = "25s"

    /// For faults that hang after connecting. Not for healthy exchanges, which may be slow.
    static let short = TimeLimits(submit: "700ms")
    /// For jobs that are not sent. The client must get its response between two attempts. The backoff doubles
    /// and the wait ends within a long pause: attempts start after about 0, 0.8, 2.3 and 5.3 s and take a
    /// fraction of a second even on a busy machine.
    static let unsent = TimeLimits(connect: "50ms", wait: "4s")
    /// For jobs that wait for the Retry-After of the provider.
    static let retryAfter = TimeLimits(wait: "1500ms")
}
