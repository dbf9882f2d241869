import Testing
import VideoJobs

@testable import Gateway

@Suite struct CopyQueueTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    @Test func `first come those whose links expire first, then those that waited longest`() {
        var queue = CopyQueue(limit: 1, limitPerHost: 4)
        let numbers = [30, 10, 20, 10].map { queue.enqueue(host: "a", expiry: time($0)) }
        var order: [UInt64] = []
        while queue.count > 0 {
            order += queue.begin()
            queue.end(host: "a")
        }
        #expect(order == [1, 3, 2, 0].map { numbers[$0] })
        #expect(queue.inProgress == 0)
    }

    @Test func `one host takes no more than its share, and the total is bounded`() {
        var queue = CopyQueue(limit: 4, limitPerHost: 2)
        let slow = (0..<5).map { _ in queue.enqueue(host: "slow", expiry: time(1)) }
        let others = ["b", "c", "d"].map { queue.enqueue(host: $0, expiry: time(9)) }
        #expect(queue.begin() == Array(slow.prefix(2)) + others.prefix(2))
        #expect(queue.begin() == [])
        queue.end(host: "b")
        #expect(queue.begin() == [others[2]])
        queue.end(host: "slow")
        #expect(queue.begin() == [slow[2]])
        #expect(queue.count == 2)
        queue.removeWaiting()
        #expect(queue.count == 0)
    }

    @Test func `a closed queue gives no slot, and ends those that wait`() async {
        let slots = CopySlots(limit: 1, limitPerHost: 1)
        #expect(await slots.take(host: "a", expiry: time(1)))
        async let second = slots.take(host: "a", expiry: time(1))
        slots.close()
        #expect(await second == false)
        slots.release(host: "a")
        #expect(await slots.take(host: "a", expiry: time(1)) == false)
    }
}
