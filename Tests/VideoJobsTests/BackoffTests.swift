import Testing
import VideoJobs

@Suite struct BackoffTests {
    let backoff = Backoff(base: .seconds(2), cap: .seconds(60))

    @Test func `the delay doubles from base to cap, its upper half jittered`() {
        let least = [1, 2, 3, 4, 5, 6, .max].map { backoff.delay(after: $0, retryAfter: nil, jitter: 0) }
        #expect(least == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        let most = [1, 2, 3, 6].map { backoff.delay(after: $0, retryAfter: nil, jitter: 0.5) }
        #expect(most == [.milliseconds(1500), .seconds(3), .seconds(6), .seconds(45)])
        #expect(backoff.delay(after: 1000, retryAfter: nil, jitter: 0.999) < .seconds(60))
    }

    @Test func `a failure count below one counts as one`() {
        for failures in [0, -1, .min] {
            #expect(backoff.delay(after: failures, retryAfter: nil, jitter: 0) == .seconds(1))
        }
    }

    @Test func `a longer Retry-After is obeyed within bounds`() {
        #expect(backoff.delay(after: 3, retryAfter: .seconds(1), jitter: 0) == .seconds(4))
        #expect(backoff.delay(after: 1, retryAfter: .seconds(120), jitter: 0) == .seconds(120))
        #expect(backoff.delay(after: 1, retryAfter: .seconds(120), jitter: 0.5) == .seconds(121))
        #expect(backoff.delay(after: 1, retryAfter: .seconds(1_000_000), jitter: 0) == .seconds(86_400))
    }
}
