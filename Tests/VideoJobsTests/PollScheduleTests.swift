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

    @Test func `the first delay is first plus up to a quarter of jitter`() {
        #expect(delay(polls: 0, age: 0) == .seconds(5))
        #expect(delay(polls: 0, age: 0, jitter: 0.5) == .milliseconds(5625))
        #expect(delay(polls: 0, age: 0, jitter: 0.999) < .milliseconds(6250))
    }

    @Test func `the delay is the interval until twice the estimate`() {
        for age in [0, 10, 30, 37, 45, 60, 90] { #expect(delay(age: age) == .seconds(8), "\(age)") }
        #expect(delay(age: 10, jitter: 0.5) == .seconds(9))
    }

    @Test func `a poll moves forward to the expected completion`() {
        #expect(delay(age: 38) == .seconds(7))
        #expect(delay(age: 40) == .seconds(5))
        #expect(delay(age: 41) == .seconds(8), "never earlier than half an interval")
    }

    @Test func `the delay of an overdue task grows up to slowest`() {
        #expect(delay(age: 180) == .seconds(16))
        #expect(delay(age: 360) == .seconds(32))
        #expect(delay(age: 675) == .seconds(60))
        #expect(delay(age: 3000) == .seconds(60))
        #expect(delay(age: 3000, jitter: 0.9) == .seconds(60), "jitter does not exceed slowest")
        #expect(
            delay(age: 240, estimate: nil) == .seconds(16), "the default estimate is one minute")
        #expect(delay(age: 32, estimate: 0) == .seconds(16), "an estimate is at least one interval")
    }

    @Test func `failed polls back off to slowest`() {
        let delays = [1, 2, 3, 4, 1_000_000, .max].map { delay(failures: $0) }
        #expect(delays == [16, 32, 60, 60, 60, 60].map { .seconds($0) })
        #expect(delay(polls: 0, failures: 1) == .seconds(16), "also if no poll has succeeded")
    }

    @Test func `Retry-After is obeyed within bounds`() {
        #expect(delay(age: 20, retryAfter: 1) == .seconds(16), "a shorter Retry-After has no effect")
        #expect(delay(age: 20, retryAfter: 300) == .seconds(300))
        #expect(delay(age: 20, retryAfter: 300, jitter: 0.5) == .seconds(301))
        #expect(delay(age: 20, retryAfter: 1_000_000) == .seconds(3580))
    }

    @Test func `the last poll is at the deadline`() {
        #expect(delay(age: 3590) == .seconds(10))
        #expect(delay(age: 3500, retryAfter: 900) == .seconds(100))
        #expect(delay(age: 3600) == .seconds(60), "after the deadline the caller times the task out")
    }

    @Test func `no settings cause a busy loop`() {
        let hasty = PollSchedule(first: .zero, interval: .zero, slowest: .zero)
        for polls in 0...3 {
            let history = PollHistory(polls: polls, failures: polls, age: .seconds(1), retryAfter: .zero)
            let delay = hasty.delay(after: history, jitter: 0)
            #expect(delay > .zero)
        }
    }
}
