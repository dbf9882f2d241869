import Testing
import VideoJobs

@testable import Gateway

@Suite struct DelayQueueTests {
    let now = MonotonicTime(milliseconds: 0)

    @Test func `a task is in it once, at the time scheduled last`() {
        var queue = DelayQueue(limit: 4)
        queue.schedule(TaskID("a"), at: now)
        queue.schedule(TaskID("a"), at: now + .seconds(5))
        #expect(queue.beginDue(at: now).isEmpty)
        #expect(queue.beginDue(at: now + .seconds(5)).map(\.id) == [TaskID("a")])
        queue.schedule(TaskID("a"), at: now)
        #expect(queue.beginDue(at: now + .seconds(9)).isEmpty)
        queue.complete(TaskID("a"), again: now + .seconds(10))
        #expect(queue.nextDue == now + .seconds(10))
    }

    @Test func `no more than the limit is in progress, earliest first`() {
        var queue = DelayQueue(limit: 2)
        for (index, name) in ["c", "a", "b"].enumerated() {
            queue.schedule(TaskID(name), at: now + .seconds([3, 1, 2][index]))
        }
        #expect(queue.beginDue(at: now + .seconds(9)).map(\.id.text) == ["a", "b"])
        #expect(queue.nextDue == nil)
        queue.complete(TaskID("a"), again: nil)
        #expect(queue.beginDue(at: now + .seconds(9)).map(\.id.text) == ["c"])
    }

    @Test func `rescheduling without end does not grow it`() {
        var queue = DelayQueue(limit: 1)
        for second in 0..<100_000 { queue.schedule(TaskID("a"), at: now + .seconds(second)) }
        #expect(queue.count == 1)
        #expect(queue.size <= 64 + 2)
    }
}
