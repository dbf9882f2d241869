import Testing
import VideoJobs

@testable import Gateway

@Suite struct PollProgressTests {
    @Test func `a refusal of the account is repeated only with the same message`() {
        var progress = PollProgress(began: MonotonicTime(milliseconds: 0))
        let isRepeated = [
            PollOutcome.credentialsRejected(message: "HTTP 401"), .credentialsRejected(message: "HTTP 401"),
            .unavailable(message: "HTTP 500", retryAfter: nil), .credentialsRejected(message: "HTTP 401"),
            .credentialsRejected(message: "HTTP 402"),
        ].map { outcome in
            progress.record(outcome)
            return progress.isRefusalRepeated
        }
        #expect(isRepeated == [false, true, true, true, false])
    }
}
