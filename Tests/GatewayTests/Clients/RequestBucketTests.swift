import Testing
import VideoJobs

@testable import Gateway

/// The quota of requests per minute.
@Suite struct RequestBucketTests {
    private let start = MonotonicTime(milliseconds: 5_000_000)

    @Test(arguments: [1, 7, 60, 100_000, 1_000_000_000])
    func `a full bucket has the quota of a minute, and one request is refilled after its share of it`(
        _ limit: Int
    ) {
        var bucket = RequestBucket()
        let count = min(limit, 1000)
        for number in 1...count {
            let quota = bucket.consume(limit: limit, at: start)
            #expect(!quota.isExceeded && quota.remaining == limit - number && quota.limit == limit)
        }
        guard count == limit else { return }
        let exceeded = bucket.consume(limit: limit, at: start)
        #expect(exceeded.isExceeded && exceeded.remaining == 0)
        #expect(exceeded.next == (60 + limit - 1) / limit)
        let share = Duration.milliseconds((60_000 + limit - 1) / limit)
        #expect(bucket.consume(limit: limit, at: start + (share - .milliseconds(1))).isExceeded)
        #expect(!bucket.consume(limit: limit, at: start + share).isExceeded)
        #expect(bucket.consume(limit: limit, at: start + share).isExceeded)
    }

    @Test func `a bucket that was not used holds no more than the quota of a minute`() {
        var bucket = RequestBucket()
        for _ in 0..<10 { _ = bucket.consume(limit: 10, at: start) }
        let later = start + .seconds(86_400)
        let allowed = (0..<20).filter { _ in !bucket.consume(limit: 10, at: later).isExceeded }
        #expect(allowed.count == 10)
    }

    @Test func `a changed limit holds at once, and the requests that were made still count`() {
        var bucket = RequestBucket()
        for _ in 0..<10 { _ = bucket.consume(limit: 10, at: start) }
        #expect(bucket.consume(limit: 10, at: start).isExceeded)
        #expect(bucket.consume(limit: 100, at: start).remaining == 89)
        #expect(bucket.consume(limit: 12, at: start).remaining == 0)
        let lowered = bucket.consume(limit: 2, at: start)
        #expect(lowered.isExceeded && lowered.next == 30)
        #expect(bucket.consume(limit: 2, at: start + .seconds(29)).isExceeded)
        #expect(!bucket.consume(limit: 2, at: start + .seconds(31)).isExceeded)
    }

    @Test(arguments: [1, 59, 1_000_000_000])
    func `an unused or refilled bucket has the whole quota of a new limit`(_ limit: Int) {
        var bucket = RequestBucket()
        #expect(bucket.consume(limit: limit, at: start).remaining == limit - 1)
        _ = bucket.consume(limit: 5, at: start)
        #expect(bucket.consume(limit: limit, at: start + .seconds(120)).remaining == limit - 1)
    }

    @Test func `in the long run requests are as many as the limit, however they are sent`() {
        var bucket = RequestBucket()
        var allowed = 0
        for step in 0..<6000
        where !bucket.consume(limit: 30, at: start + .milliseconds(step * 100)).isExceeded {
            allowed += 1
        }
        // Ten minutes, and the full bucket at the beginning.
        #expect((329...330).contains(allowed))
    }
}
