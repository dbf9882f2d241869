/// What happens to a request without a valid token.
package struct UnauthorizedPolicy: Sendable {
    /// How long only its own response is delayed, so that guessing tokens is slow.
    package var delay: Duration = .milliseconds(250)
    /// Waits for the delay; the default does not.
    package var sleep: @Sendable (Duration) async -> Void
    /// Receives the client's address and why its token was rejected, for the log. Never the token.
    package var report: @Sendable (_ peer: String, _ reason: String) -> Void

    package init(
        sleep: @escaping @Sendable (Duration) async -> Void = { _ in },
        report: @escaping @Sendable (_ peer: String, _ reason: String) -> Void = { _, _ in }
    ) {
        self.sleep = sleep
        self.report = report
    }
}
