import Testing
import VideoJobs

@testable import Gateway

@Suite struct WaitQueueTests {
    private let now = MonotonicTime(milliseconds: 0)

    private func waiter(_ task: String, after seconds: Int, version: Int = 0) -> WaitQueue<String>.Waiter {
        WaitQueue.Waiter(
            task: TaskID(task), deadline: now + .seconds(seconds), condition: { $0.version > version },
            continuation: "\(task) \(seconds)")
    }

    private func record(_ task: String, version: Int) -> TaskRecord {
        TaskRecord(
            id: TaskID(task), created: Timestamp(milliseconds: 0), model: "m", client: "c", state: .running,
            version: version)
    }

    @Test func `a record removes the callers of its task whose condition holds`() {
        var queue = WaitQueue<String>()
        queue.insert(waiter("a", after: 1), as: 1)
        queue.insert(waiter("a", after: 2, version: 9), as: 2)
        queue.insert(waiter("b", after: 3), as: 3)
        #expect(queue.removeSatisfied(by: record("a", version: 9)).map(\.continuation) == ["a 1"])
        #expect(queue.removeSatisfied(by: record("a", version: 9)).isEmpty)
        #expect(queue.removeSatisfied(by: record("a", version: 10)).map(\.continuation) == ["a 2"])
        #expect(queue.count == 1)
    }

    @Test func `callers are removed at their deadlines, in order`() {
        var queue = WaitQueue<String>()
        for (number, seconds) in [3, 1, 2].enumerated() {
            queue.insert(waiter("a", after: seconds), as: UInt64(number))
        }
        #expect(queue.nextDeadline == now + .seconds(1))
        #expect(queue.removeDue(at: now + .seconds(2)).map(\.continuation) == ["a 1", "a 2"])
        #expect(queue.removeDue(at: now + .seconds(2)).isEmpty)
        #expect(queue.count == 1)
    }

    @Test func `a caller is removed once`() {
        var queue = WaitQueue<String>()
        queue.insert(waiter("a", after: 1), as: 1)
        #expect(queue.remove(1)?.continuation == "a 1")
        #expect(queue.remove(1) == nil)
        #expect(queue.removeDue(at: now + .seconds(1)).isEmpty)
        #expect(queue.removeAll { _ in true }.isEmpty)
    }

    @Test func `callers of certain tasks are removed together`() {
        var queue = WaitQueue<String>()
        for (number, task) in ["a", "b", "a"].enumerated() {
            queue.insert(waiter(task, after: number), as: UInt64(number))
        }
        #expect(queue.removeAll { $0.text == "a" }.count == 2)
        #expect(queue.count == 1)
    }

    @Test func `callers that come and go do not make it grow`() {
        var queue = WaitQueue<String>()
        for number in 0..<100_000 {
            queue.insert(waiter("a", after: 300), as: UInt64(number))
            _ = queue.remove(UInt64(number))
        }
        #expect(queue.size <= 64 + 1)
    }
}
