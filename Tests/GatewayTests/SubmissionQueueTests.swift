import Testing
import VideoJobs

@testable import Gateway

@Suite struct SubmissionQueueTests {
    let now = MonotonicTime(milliseconds: 0)

    func queue(_ names: String..., limit: Int = 8) -> SubmissionQueue {
        var queue = SubmissionQueue(limit: limit)
        for name in names { queue.enqueue(TaskID(name), payload: nil, traits: .plain) }
        return queue
    }

    func take(_ queue: inout SubmissionQueue, at time: MonotonicTime) throws -> QueuedTask {
        let task = queue.takeNext(at: time)
        return try #require(task)
    }

    @Test func `jobs go in order of admission, as many as the account has places`() {
        var queue = queue("a", "b", "c", limit: 2)
        #expect(queue.takeNext(at: now)?.id.text == "a")
        #expect(queue.takeNext(at: now)?.id.text == "b")
        #expect(queue.takeNext(at: now) == nil)
        queue.release(TaskID("a"))
        #expect(queue.takeNext(at: now)?.id.text == "c")
    }

    @Test func `running tasks of before a restart occupy their places`() {
        var queue = queue("a", limit: 1)
        queue.occupy(TaskID("old"))
        #expect(queue.takeNext(at: now) == nil)
        queue.release(TaskID("old"))
        #expect(queue.takeNext(at: now)?.id.text == "a")
    }

    @Test func `positions count from one and move as jobs leave`() {
        var queue = queue("a", "b", "c")
        #expect(["a", "b", "c", "d"].map { queue.position(of: TaskID($0)) } == [1, 2, 3, nil])
        queue.withdraw(TaskID("a"))
        #expect(["a", "b", "c"].map { queue.position(of: TaskID($0)) } == [nil, 1, 2])
        _ = queue.takeNext(at: now)
        #expect(queue.position(of: TaskID("c")) == 1)
    }

    @Test(arguments: [
        SubmissionQueue.Ending.blocked(.credentialsRejected), .notAccepted(.credentialsRejected, .plain),
    ])
    func `with one kind of job a refusal stops all, and one probe goes first when its time is over`(
        _ ending: SubmissionQueue.Ending
    ) throws {
        var queue = queue("a", "b", "c")
        queue.ended(try take(&queue, at: now), ending, retry: .fixed(30), at: now)
        #expect(queue.position(of: TaskID("a")) == 1)
        #expect(queue.obstacle(at: now)?.0 == .credentialsRejected)
        #expect(queue.takeNext(at: now + .seconds(29)) == nil)
        #expect(queue.nextDispatch(after: now) == now + .seconds(30))
        let probe = try take(&queue, at: now + .seconds(30))
        #expect(probe.id.text == "a")
        #expect(queue.takeNext(at: now + .seconds(31)) == nil)
        queue.ended(probe, .accepted(.plain), retry: .fixed(1), at: now + .seconds(31))
        #expect(queue.obstacle(at: now) == nil)
        #expect(queue.takeNext(at: now + .seconds(31))?.id.text == "b")
    }

    @Test(arguments: [
        SubmissionQueue.Ending.blocked(.providerUnreachable), .notAccepted(.providerUnreachable, .plain),
    ])
    func `those that were on their way when one was refused count once`(
        _ ending: SubmissionQueue.Ending
    ) throws {
        var queue = queue("a", "b", "c")
        let tasks = try (0..<3).map { _ in try take(&queue, at: now) }
        let terms = RetryTerms(backoff: Backoff(base: .seconds(2), cap: .seconds(60)), jitter: 0)
        let delays = tasks.map { queue.ended($0, ending, retry: terms, at: now) }
        #expect(delays == [.seconds(1), .seconds(1), .seconds(1)])
        #expect(["a", "b", "c"].map { queue.position(of: TaskID($0)) } == [1, 2, 3])
        #expect(queue.takeNext(at: now + .milliseconds(999)) == nil)
        let probe = try take(&queue, at: now + .seconds(1))
        #expect(queue.ended(probe, ending, retry: terms, at: now + .seconds(1)) == .seconds(2))
    }

    @Test func `one lost reply changes nothing for the others, a second in a row holds them back`() throws {
        var queue = queue("a", "b", "c")
        queue.ended(try take(&queue, at: now), .unknown, retry: .fixed(1), at: now)
        queue.ended(try take(&queue, at: now), .unknown, retry: .fixed(1), at: now)
        #expect(queue.takeNext(at: now) == nil)
        #expect(queue.takeNext(at: now + .seconds(1))?.id.text == "c")
    }

    @Test func `a store that cannot note a sending holds all, and the probe is not used up`() throws {
        var queue = queue("a", "b")
        let task = try take(&queue, at: now)
        queue.hold(task, until: now + .seconds(2))
        #expect(queue.takeNext(at: now + .seconds(1)) == nil)
        #expect(queue.nextDispatch(after: now) == now + .seconds(2))
        #expect(queue.takeNext(at: now + .seconds(2))?.id.text == "a")
    }

    @Test func `a task whose sending may be noted keeps its place, and goes before those who came earlier`()
        throws
    {
        var queue = queue("a", "b", limit: 1)
        queue.ended(try take(&queue, at: now), .notAccepted(.rateLimited, .plain), retry: .fixed(5), at: now)
        queue.enqueue(TaskID("cleared"), payload: nil, traits: .other)
        queue.ended(try take(&queue, at: now), .accepted(.other), retry: .fixed(1), at: now)
        queue.release(TaskID("cleared"))
        queue.enqueue(TaskID("other"), payload: nil, traits: .other)
        let other = try take(&queue, at: now)
        #expect(other.id.text == "other")
        queue.hold(other, until: now + .seconds(9))
        #expect(["a", "b", "other"].map { queue.position(of: TaskID($0)) } == [1, 2, 3])
        #expect(queue.nextDispatch(after: now) == now + .seconds(9))
        #expect(try take(&queue, at: now + .seconds(9)) == other.seeing(refusals: 1))
        #expect(queue.takeNext(at: now + .seconds(9)) == nil)
        queue.ended(other, .accepted(.other), retry: .fixed(1), at: now + .seconds(9))
        #expect(queue.takeNext(at: now + .seconds(9)) == nil)
        queue.release(other.id)
        #expect(queue.takeNext(at: now + .seconds(9))?.id.text == "a")
    }

    @Test func `a task that is withdrawn after its sending could not be noted frees its place`() throws {
        var queue = queue("a", "b", limit: 1)
        queue.ended(try take(&queue, at: now), .notAccepted(.rateLimited, .plain), retry: .fixed(5), at: now)
        let probe = try take(&queue, at: now + .seconds(5))
        queue.hold(probe, until: now + .seconds(6))
        #expect(queue.count == 2)
        queue.withdraw(probe.id)
        #expect(!queue.knows(probe.id))
        #expect(queue.takeNext(at: now + .seconds(6))?.id.text == "b")
    }

    @Test func `a closed gate holds a task whose sending could not be noted, which then is the probe`() throws
    {
        var queue = queue("a", "b", limit: 2)
        let tasks = [try take(&queue, at: now), try take(&queue, at: now)]
        queue.hold(tasks[0], until: now + .seconds(1))
        queue.ended(tasks[1], .blocked(.credentialsRejected), retry: .fixed(30), at: now)
        #expect(queue.takeNext(at: now + .seconds(29)) == nil)
        #expect(queue.nextDispatch(after: now) == now + .seconds(30))
        #expect(queue.takeNext(at: now + .seconds(30))?.id.text == "a")
        #expect(queue.takeNext(at: now + .seconds(30)) == nil)
    }

    @Test func `a stopped queue sends nothing`() {
        var queue = queue("a")
        queue.stop()
        #expect(queue.takeNext(at: now) == nil)
    }

    @Test func `the longest wish of those that were on their way holds`() throws {
        var queue = queue("a", "b", limit: 2)
        let tasks = [try take(&queue, at: now), try take(&queue, at: now)]
        queue.ended(tasks[0], .notAccepted(.rateLimited, .plain), retry: .fixed(5), at: now)
        queue.ended(tasks[1], .notAccepted(.rateLimited, .plain), retry: .fixed(60), at: now)
        #expect(queue.takeNext(at: now + .seconds(59)) == nil)
        #expect(queue.takeNext(at: now + .seconds(60))?.id.text == "a")
    }

    @Test(arguments: [SubmissionQueue.Ending.blocked(.rateLimited), .notAccepted(.rateLimited, .plain)])
    func `an obstacle ends with its time when nobody is left to try`(
        _ ending: SubmissionQueue.Ending
    ) throws {
        var queue = queue("a")
        queue.ended(try take(&queue, at: now), ending, retry: .fixed(30), at: now)
        #expect(queue.obstacle(at: now + .seconds(31)) != nil)
        queue.withdraw(TaskID("a"))
        #expect(queue.obstacle(at: now + .seconds(29)) != nil)
        #expect(queue.obstacle(at: now + .seconds(31)) == nil)
    }

    @Test func `a task that is enqueued twice waits once, and keeps its place when it is dropped`() throws {
        var queue = queue("a", "b", limit: 1)
        queue.enqueue(TaskID("a"), payload: nil)
        #expect(queue.count == 2)
        let first = try take(&queue, at: now)
        queue.drop(first)
        #expect(queue.takeNext(at: now) == nil)
        queue.release(TaskID("a"))
        #expect(queue.takeNext(at: now)?.id.text == "b")
    }
}

extension JobTraits {
    /// Of jobs that are all the same.
    static let plain = JobTraits(payload: [], client: "open")
    /// Of a job that has nothing in common with those.
    static let other = JobTraits(payload: Array(#"{"model":"m"}"#.utf8), client: "other")
}

extension QueuedTask {
    fileprivate func seeing(refusals: Int) -> Self {
        var task = self
        task.refusalsSeen = refusals
        return task
    }
}

extension RetryTerms {
    /// So many seconds, whatever happened before.
    static func fixed(_ seconds: Int) -> RetryTerms {
        RetryTerms(backoff: Backoff(base: .seconds(seconds * 2), cap: .seconds(seconds * 2)), jitter: 0)
    }
}
