import Testing
import VideoJobs

@Suite struct PollScheduleTests {
    let schedule = PollSchedule(
        first: .seconds(5), interval: .seconds(8), slowest: .seconds(60), deadline: .seconds(3600))

    /// Seconds throughout.
    private func delay(polls: Int = 1, failures: Int = 0, age: Int = 20, jitter: Double = 0) -> Duration {
        schedule.delay(
            after: PollHistory(polls: polls, failures: failures, age: .seconds(age), estimate: .seconds(45)),
            jitter: jitter)
    }

    private func delay(age: Int, estimate: Int?) -> Duration {
        let history = PollHistory(polls: 1, age: .seconds(age), estimate: estimate.map { .seconds($0) })
        return schedule.delay(after: history, jitter: 0)
    }

    private func delay(age: Int, retryAfter: Int, jitter: Double = 0) -> Duration {
        let history = PollHistory(
            polls: 3, failures: 1, age: .seconds(age), retryAfter: .seconds(retryAfter))
        return schedule.delay(after: history, jitter: jitter)
    }

    @Test func `the first poll comes after first, jitter adding up to a quarter`() {
        #expect(delay(polls: 0, age: 0) == .seconds(5))
        #expect(delay(polls: 0, age: 0, jitter: 0.5) == .milliseconds(5625))
        #expect(delay(polls: 0, age: 0, jitter: 0.999) < .milliseconds(6250))
    }

    @Test func `polls then come at the interval until twice the estimate`() {
        for age in [0, 10, 30, 37, 45, 60, 90] { #expect(delay(age: age) == .seconds(8), "\(age)") }
        #expect(delay(age: 10, jitter: 0.5) == .seconds(9))
    }

    @Test func `a poll is moved forward to the moment when the task should be done`() {
        #expect(delay(age: 38) == .seconds(7))
        #expect(delay(age: 40) == .seconds(5))
        #expect(delay(age: 41) == .seconds(8), "never sooner than half an interval")
    }

    @Test func `an overdue task is asked about ever more rarely, down to slowest`() {
        #expect(delay(age: 180) == .seconds(16))
        #expect(delay(age: 360) == .seconds(32))
        #expect(delay(age: 675) == .seconds(60))
        #expect(delay(age: 3000) == .seconds(60))
        #expect(delay(age: 3000, jitter: 0.9) == .seconds(60), "jitter does not exceed slowest")
        #expect(
            delay(age: 240, estimate: nil) == .seconds(16), "an unknown task is taken for one of a minute")
        #expect(delay(age: 32, estimate: 0) == .seconds(16), "an estimate is at least one interval")
    }

    @Test func `polls without an answer back off to slowest`() {
        let delays = [1, 2, 3, 4, 1_000_000, .max].map { delay(failures: $0) }
        #expect(delays == [16, 32, 60, 60, 60, 60].map { .seconds($0) })
        #expect(delay(polls: 0, failures: 1) == .seconds(16), "also when none was ever answered")
    }

    @Test func `the provider's wish for patience is obeyed within bounds`() {
        #expect(delay(age: 20, retryAfter: 1) == .seconds(16), "a shorter wish does not hurry us")
        #expect(delay(age: 20, retryAfter: 300) == .seconds(300))
        #expect(delay(age: 20, retryAfter: 300, jitter: 0.5) == .seconds(301))
        #expect(delay(age: 20, retryAfter: 1_000_000) == .seconds(3580))
    }

    @Test func `the last poll comes at the deadline and not after it`() {
        #expect(delay(age: 3590) == .seconds(10))
        #expect(delay(age: 3500, retryAfter: 900) == .seconds(100))
        #expect(delay(age: 3600) == .seconds(60), "past the deadline it is the caller who gives up")
    }

    @Test func `no settings make a busy loop`() {
        let hasty = PollSchedule(first: .zero, interval: .zero, slowest: .zero)
        for polls in 0...3 {
            let history = PollHistory(polls: polls, failures: polls, age: .seconds(1), retryAfter: .zero)
            let delay = hasty.delay(after: history, jitter: 0)
            #expect(delay > .zero)
        }
    }
}

@Suite struct BackoffTests {
    let backoff = Backoff(base: .seconds(2), cap: .seconds(60))

    @Test func `the delay doubles from base to cap, its upper half jittered`() {
        let least = [1, 2, 3, 4, 5, 6, .max].map { backoff.delay(after: $0, retryAfter: nil, jitter: 0) }
        #expect(least == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        let most = [1, 2, 3, 6].map { backoff.delay(after: $0, retryAfter: nil, jitter: 0.5) }
        #expect(most == [.milliseconds(1500), .seconds(3), .seconds(6), .seconds(45)])
        #expect(backoff.delay(after: 1000, retryAfter: nil, jitter: 0.999) < .seconds(60))
    }

    @Test func `a try that never failed is taken for the first failure`() {
        for tries in [0, -1, .min] {
            #expect(backoff.delay(after: tries, retryAfter: nil, jitter: 0) == .seconds(1))
        }
    }

    @Test func `a wish for patience is obeyed if longer, within bounds`() {
        #expect(backoff.delay(after: 3, retryAfter: .seconds(1), jitter: 0) == .seconds(4))
        #expect(backoff.delay(after: 1, retryAfter: .seconds(120), jitter: 0) == .seconds(120))
        #expect(backoff.delay(after: 1, retryAfter: .seconds(120), jitter: 0.5) == .seconds(121))
        #expect(backoff.delay(after: 1, retryAfter: .seconds(1_000_000), jitter: 0) == .seconds(86_400))
    }
}
