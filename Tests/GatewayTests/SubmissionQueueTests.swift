import Testing
import VideoJobs

@testable import Gateway

/// The order of submissions, slots and the account gate.
@Suite struct SubmissionQueueTests {
    let now = MonotonicTime(milliseconds: 0)

    func queue(_ names: String..., limit: Int = 8) -> SubmissionQueue {
        var queue = SubmissionQueue(limit: limit)
        for name in names { queue.enqueue(TaskID(name), payload: nil, traits: .plain) }
        return queue
    }

    func dequeue(_ queue: inout SubmissionQueue, at time: MonotonicTime) throws -> QueuedTask {
        let task = queue.dequeueNext(at: time)
        return try #require(task)
    }

    @Test func `jobs are sent in order of admission, as many as there are slots`() {
        var queue = queue("a", "b", "c", limit: 2)
        #expect(queue.dequeueNext(at: now)?.id.text == "a")
        #expect(queue.dequeueNext(at: now)?.id.text == "b")
        #expect(queue.dequeueNext(at: now) == nil)
        queue.release(TaskID("a"))
        #expect(queue.dequeueNext(at: now)?.id.text == "c")
    }

    @Test func `tasks that run since before a restart occupy their slots`() {
        var queue = queue("a", limit: 1)
        queue.occupy(TaskID("old"))
        #expect(queue.dequeueNext(at: now) == nil)
        queue.release(TaskID("old"))
        #expect(queue.dequeueNext(at: now)?.id.text == "a")
    }

    @Test func `positions count from one and move as jobs leave`() {
        var queue = queue("a", "b", "c")
        #expect(["a", "b", "c", "d"].map { queue.position(of: TaskID($0)) } == [1, 2, 3, nil])
        queue.withdraw(TaskID("a"))
        #expect(["a", "b", "c"].map { queue.position(of: TaskID($0)) } == [nil, 1, 2])
        _ = queue.dequeueNext(at: now)
        #expect(queue.position(of: TaskID("c")) == 1)
    }

    @Test(arguments: [
        SubmissionQueue.Ending.blocked(.credentialsRejected), .notAccepted(.credentialsRejected, .plain),
    ])
    func `with only matching jobs a rejection holds all, and one probe is sent after the backoff`(
        _ ending: SubmissionQueue.Ending
    ) throws {
        var queue = queue("a", "b", "c")
        queue.ended(try dequeue(&queue, at: now), ending, retry: .fixed(30), at: now)
        #expect(queue.position(of: TaskID("a")) == 1)
        #expect(queue.blockReason(at: now)?.0 == .credentialsRejected)
        #expect(queue.dequeueNext(at: now + .seconds(29)) == nil)
        #expect(queue.nextDispatch(after: now) == now + .seconds(30))
        let probe = try dequeue(&queue, at: now + .seconds(30))
        #expect(probe.id.text == "a")
        #expect(queue.dequeueNext(at: now + .seconds(31)) == nil)
        queue.ended(probe, .accepted(.plain), retry: .fixed(1), at: now + .seconds(31))
        #expect(queue.blockReason(at: now) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(31))?.id.text == "b")
    }

    @Test(arguments: [
        SubmissionQueue.Ending.blocked(.providerUnreachable), .notAccepted(.providerUnreachable, .plain),
    ])
    func `rejections of submissions in flight count once`(
        _ ending: SubmissionQueue.Ending
    ) throws {
        var queue = queue("a", "b", "c")
        let tasks = try (0..<3).map { _ in try dequeue(&queue, at: now) }
        let terms = RetryTerms(backoff: Backoff(base: .seconds(2), cap: .seconds(60)), jitter: 0)
        let delays = tasks.map { queue.ended($0, ending, retry: terms, at: now) }
        #expect(delays == [.seconds(1), .seconds(1), .seconds(1)])
        #expect(["a", "b", "c"].map { queue.position(of: TaskID($0)) } == [1, 2, 3])
        #expect(queue.dequeueNext(at: now + .milliseconds(999)) == nil)
        let probe = try dequeue(&queue, at: now + .seconds(1))
        #expect(queue.ended(probe, ending, retry: terms, at: now + .seconds(1)) == .seconds(2))
    }

    @Test func `one lost reply does not affect other jobs, a second in a row holds them`() throws {
        var queue = queue("a", "b", "c")
        queue.ended(try dequeue(&queue, at: now), .unknown, retry: .fixed(1), at: now)
        queue.ended(try dequeue(&queue, at: now), .unknown, retry: .fixed(1), at: now)
        #expect(queue.dequeueNext(at: now) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(1))?.id.text == "c")
    }

    @Test func `a failed write of an intent holds all jobs and does not use up the probe`() throws {
        var queue = queue("a", "b")
        let task = try dequeue(&queue, at: now)
        queue.hold(task, until: now + .seconds(2))
        #expect(queue.dequeueNext(at: now + .seconds(1)) == nil)
        #expect(queue.nextDispatch(after: now) == now + .seconds(2))
        #expect(queue.dequeueNext(at: now + .seconds(2))?.id.text == "a")
    }

    @Test func `a task whose intent may be durable keeps its slot and is sent before earlier tasks`()
        throws
    {
        var queue = queue("a", "b", limit: 1)
        queue.ended(
            try dequeue(&queue, at: now), .notAccepted(.rateLimited, .plain), retry: .fixed(5), at: now)
        queue.enqueue(TaskID("excluded"), payload: nil, traits: .other)
        queue.ended(try dequeue(&queue, at: now), .accepted(.other), retry: .fixed(1), at: now)
        queue.release(TaskID("excluded"))
        queue.enqueue(TaskID("other"), payload: nil, traits: .other)
        let other = try dequeue(&queue, at: now)
        #expect(other.id.text == "other")
        queue.hold(other, until: now + .seconds(9))
        #expect(["other", "a", "b"].map { queue.position(of: TaskID($0)) } == [1, 2, 3])
        #expect(queue.nextDispatch(after: now) == now + .seconds(9))
        #expect(try dequeue(&queue, at: now + .seconds(9)) == other.begun(afterRejections: 1))
        #expect(queue.dequeueNext(at: now + .seconds(9)) == nil)
        queue.ended(other, .accepted(.other), retry: .fixed(1), at: now + .seconds(9))
        #expect(queue.dequeueNext(at: now + .seconds(9)) == nil)
        queue.release(other.id)
        #expect(queue.dequeueNext(at: now + .seconds(9))?.id.text == "a")
    }

    @Test func `a task that is withdrawn after its intent failed to be written releases its slot`() throws {
        var queue = queue("a", "b", limit: 1)
        queue.ended(
            try dequeue(&queue, at: now), .notAccepted(.rateLimited, .plain), retry: .fixed(5), at: now)
        let probe = try dequeue(&queue, at: now + .seconds(5))
        queue.hold(probe, until: now + .seconds(6))
        #expect(queue.count == 2)
        queue.withdraw(probe.id)
        #expect(!queue.knows(probe.id))
        #expect(queue.dequeueNext(at: now + .seconds(6))?.id.text == "b")
    }

    @Test func `a closed gate holds a task whose intent failed to be written, which is the next probe`()
        throws
    {
        var queue = queue("a", "b", limit: 2)
        let tasks = [try dequeue(&queue, at: now), try dequeue(&queue, at: now)]
        queue.hold(tasks[0], until: now + .seconds(1))
        queue.ended(tasks[1], .blocked(.credentialsRejected), retry: .fixed(30), at: now)
        #expect(queue.dequeueNext(at: now + .seconds(29)) == nil)
        #expect(queue.nextDispatch(after: now) == now + .seconds(30))
        #expect(queue.dequeueNext(at: now + .seconds(30))?.id.text == "a")
        #expect(queue.dequeueNext(at: now + .seconds(30)) == nil)
    }

    @Test func `a stopped queue sends nothing`() {
        var queue = queue("a")
        queue.stop()
        #expect(queue.dequeueNext(at: now) == nil)
    }

    @Test func `the longest Retry-After of submissions in flight is kept`() throws {
        var queue = queue("a", "b", limit: 2)
        let tasks = [try dequeue(&queue, at: now), try dequeue(&queue, at: now)]
        queue.ended(tasks[0], .notAccepted(.rateLimited, .plain), retry: .fixed(5), at: now)
        queue.ended(tasks[1], .notAccepted(.rateLimited, .plain), retry: .fixed(60), at: now)
        #expect(queue.dequeueNext(at: now + .seconds(59)) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(60))?.id.text == "a")
    }

    @Test(arguments: [SubmissionQueue.Ending.blocked(.rateLimited), .notAccepted(.rateLimited, .plain)])
    func `a block ends with its backoff when no job waits`(
        _ ending: SubmissionQueue.Ending
    ) throws {
        var queue = queue("a")
        queue.ended(try dequeue(&queue, at: now), ending, retry: .fixed(30), at: now)
        #expect(queue.blockReason(at: now + .seconds(31)) != nil)
        queue.withdraw(TaskID("a"))
        #expect(queue.blockReason(at: now + .seconds(29)) != nil)
        #expect(queue.blockReason(at: now + .seconds(31)) == nil)
    }

    @Test func `a task that is enqueued twice waits once, and keeps its slot when it is dropped`() throws {
        var queue = queue("a", "b", limit: 1)
        queue.enqueue(TaskID("a"), payload: nil)
        #expect(queue.count == 2)
        let first = try dequeue(&queue, at: now)
        queue.drop(first)
        #expect(queue.dequeueNext(at: now) == nil)
        queue.release(TaskID("a"))
        #expect(queue.dequeueNext(at: now)?.id.text == "b")
    }
}

extension SubmissionQueue {
    /// Appends a task of the one client that most tests have.
    mutating func enqueue(_ id: TaskID, payload: [UInt8]?, traits: JobTraits? = nil) {
        enqueue(id, of: "open", payload: payload, traits: traits)
    }
}

extension JobTraits {
    /// The traits of equal jobs.
    static let plain = JobTraits(payload: [], client: "open")
    /// The traits of a job that shares none of `plain`.
    static let other = JobTraits(payload: Array(#"{"model":"m"}"#.utf8), client: "other")
}

extension QueuedTask {
    /// The task as dequeued after so many rejections.
    fileprivate func begun(afterRejections count: Int) -> Self {
        var task = self
        task.rejectionsAtStart = count
        return task
    }
}

extension RetryTerms {
    /// A constant backoff.
    static func fixed(_ seconds: Int) -> RetryTerms {
        RetryTerms(backoff: Backoff(base: .seconds(seconds * 2), cap: .seconds(seconds * 2)), jitter: 0)
    }
}
