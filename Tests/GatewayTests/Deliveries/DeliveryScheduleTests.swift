import Testing
import VideoJobs

@testable import Gateway

@Suite struct DeliveryScheduleTests {
    private let schedule = DeliverySchedule.standard

    @Test func `nine delays follow nine failures, and none the tenth`() {
        let delays = (1...9).map { schedule.delay(after: $0, retryAfter: nil, jitter: 0) }
        let expected: [Duration] = [
            .seconds(5), .seconds(300), .seconds(1800), .seconds(2 * 3600), .seconds(5 * 3600),
            .seconds(10 * 3600), .seconds(14 * 3600), .seconds(20 * 3600), .seconds(24 * 3600),
        ]
        #expect(delays == expected)
        #expect(schedule.delay(after: 10, retryAfter: nil, jitter: 0) == nil)
        #expect(schedule.delay(after: 10, retryAfter: .seconds(1), jitter: 0) == nil)
    }

    @Test func `jitter adds at most a tenth`() {
        #expect(schedule.delay(after: 2, retryAfter: nil, jitter: 0.5) == .seconds(315))
        #expect(schedule.delay(after: 2, retryAfter: nil, jitter: 1) == .seconds(330))
    }

    @Test func `the longer of schedule and Retry-After counts, up to a day`() {
        #expect(schedule.delay(after: 1, retryAfter: .seconds(60), jitter: 0) == .seconds(60))
        #expect(schedule.delay(after: 2, retryAfter: .seconds(60), jitter: 0) == .seconds(300))
        #expect(schedule.delay(after: 1, retryAfter: .seconds(9_999_999), jitter: 0) == .seconds(86_400))
    }
}
