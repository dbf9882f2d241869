import Testing
import VideoJobs

@testable import Gateway

/// Which jobs are held after a rejection, and which are sent.
@Suite struct RejectionPatternTests {
    let now = MonotonicTime(milliseconds: 0)

    private func job(_ prompt: String, _ model: String = "fast", _ more: String = "") -> JobTraits {
        JobTraits(
            payload: Array(#"{"model":"\#(model)","prompt":"\#(prompt)"\#(more)}"#.utf8), client: "open")
    }

    /// Returns a queue with these jobs.
    private func queue(_ jobs: [(name: String, traits: JobTraits)], limit: Int = 8) -> SubmissionQueue {
        var queue = SubmissionQueue(limit: limit)
        for job in jobs { queue.enqueue(TaskID(job.name), payload: nil, traits: job.traits) }
        return queue
    }

    private func dequeue(_ queue: inout SubmissionQueue, at time: MonotonicTime) throws -> QueuedTask {
        let task = queue.dequeueNext(at: time)
        return try #require(task)
    }

    /// Sends the next job, rejects it, and returns its name.
    private func reject(
        _ queue: inout SubmissionQueue, seconds: Int = 30, at time: MonotonicTime
    ) throws -> String {
        let task = try dequeue(&queue, at: time)
        let traits = try #require(task.traits)
        queue.ended(task, .notAccepted(.providerUnreachable, traits), retry: .fixed(seconds), at: time)
        return task.id.text
    }

    /// Sends the next job, accepts it, and returns its name.
    private func accept(_ queue: inout SubmissionQueue, at time: MonotonicTime) throws -> String {
        let task = try dequeue(&queue, at: time)
        queue.ended(task, .accepted(task.traits), retry: .fixed(1), at: time)
        return task.id.text
    }

    @Test func `the job with the fewest shared traits is probed next, at once`() throws {
        var queue = queue([
            ("f1", job("a")), ("f2", job("b")), ("s1", job("b", "standard")), ("f3", job("c")),
        ])
        #expect(try reject(&queue, at: now) == "f1")
        #expect(queue.blockReason(at: now) == nil)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(queue.blockReason(at: now) == nil)
    }

    @Test func `a quote names a position only if the job itself would wait`() throws {
        var queue = queue([("f1", job("a"))])
        func position(_ traits: JobTraits) -> Int? { queue.nextPosition(of: "open", traits: traits, at: now) }
        // Both have a slot.
        #expect(position(job("b")) == nil)
        _ = try reject(&queue, seconds: 3600, at: now)
        // The same job waits behind the rejected one, another model's is sent.
        #expect(position(job("a")) == 2)
        #expect(position(job("b", "standard")) == nil)
        queue.withdraw(TaskID("f1"))
        #expect(position(job("b", "standard")) == nil)
        // What the quote tries changes nothing.
        #expect(queue.count == 0)
        for slot in 1...8 { queue.occupy(TaskID("running \(slot)")) }
        #expect(position(job("b", "standard")) == 1)
    }

    @Test func `a quote of a paused queue names the position of the turn`() {
        var queue = queue([("f1", job("a")), ("f2", job("b"))])
        queue.pause()
        #expect(queue.nextPosition(of: "open", traits: nil, at: now) == 3)
    }

    @Test func `undetermined jobs are probed one at a time, excluded jobs are sent without a limit`() throws {
        var queue = queue([
            ("f1", job("a")), ("s1", job("b", "standard")), ("s2", job("c", "standard")),
            ("s3", job("d", "standard")),
        ])
        _ = try reject(&queue, at: now)
        let probe = try dequeue(&queue, at: now)
        #expect(queue.dequeueNext(at: now) == nil)
        queue.ended(probe, .accepted(probe.traits), retry: .fixed(1), at: now)
        #expect(try dequeue(&queue, at: now).id.text == "s2")
        #expect(try dequeue(&queue, at: now).id.text == "s3")
        #expect(queue.dequeueNext(at: now) == nil)
        #expect(queue.blockReason(at: now) == nil, "the account works for other jobs")
        #expect(queue.hold(on: TaskID("f1"))?.until == now + .seconds(30))
    }

    @Test func `jobs that match a pattern wait and are probed one at a time`() throws {
        var queue = queue(
            [("f1", job("a")), ("s1", job("s", "standard"))]
                + (2...1000).map { ("f\($0)", job("p\($0)")) }, limit: 2000)
        _ = try reject(&queue, at: now)
        #expect(try accept(&queue, at: now) == "s1")
        // The prompt could have been the reason.
        _ = try reject(&queue, at: now)
        #expect(queue.dequeueNext(at: now) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(29)) == nil)
        _ = try reject(&queue, seconds: 60, at: now + .seconds(30))
        #expect(queue.dequeueNext(at: now + .seconds(89)) == nil)
        #expect(queue.blockReason(at: now + .seconds(89)) == nil)
        // A new job like the accepted ones is not held.
        queue.enqueue(TaskID("s2"), payload: nil, traits: job("z", "standard"))
        #expect(queue.dequeueNext(at: now + .seconds(89))?.id.text == "s2")
        // After an acceptance all of them are sent.
        _ = try accept(&queue, at: now + .seconds(90))
        for _ in 0..<900 { _ = try accept(&queue, at: now + .seconds(90)) }
    }

    @Test func `two different rejected jobs in a row block the account, one accepted job unblocks it`() throws
    {
        var queue = queue([
            ("f1", job("a")), ("s1", job("b", "standard")), ("s2", job("c", "standard")),
        ])
        _ = try reject(&queue, at: now)
        #expect(queue.blockReason(at: now) == nil)
        _ = try reject(&queue, at: now)
        #expect(queue.blockReason(at: now)?.0 == .providerUnreachable)
        #expect(queue.dequeueNext(at: now + .seconds(29)) == nil)
        // The probe is the job that was not rejected before.
        #expect(try accept(&queue, at: now + .seconds(30)) == "s2")
        #expect(queue.blockReason(at: now + .seconds(30)) == nil)
    }

    @Test func `a rejection blocks the account while only matching jobs wait`() throws {
        var queue = queue([("f1", job("a"))])
        _ = try reject(&queue, at: now)
        #expect(queue.blockReason(at: now)?.0 == .providerUnreachable)
        queue.enqueue(TaskID("s1"), payload: nil, traits: job("b", "standard"))
        #expect(queue.blockReason(at: now) == nil)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(queue.blockReason(at: now) == nil)
        #expect(queue.blockReason(at: now + .seconds(31)) == nil)
    }

    @Test func `a rejected job is not sent again before its Retry-After, even if others are accepted`() throws
    {
        var queue = queue([("f1", job("a")), ("f2", job("b")), ("s1", job("s", "standard"))])
        let terms = RetryTerms(
            backoff: Backoff(base: .seconds(1), cap: .seconds(1)), retryAfter: .seconds(600), jitter: 0)
        let first = try dequeue(&queue, at: now)
        queue.ended(
            first, .notAccepted(.rateLimited, try #require(first.traits)), retry: terms, at: now)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(try accept(&queue, at: now) == "f2")
        #expect(queue.dequeueNext(at: now + .seconds(599)) == nil)
        #expect(queue.nextDispatch(after: now + .seconds(599)) == now + .seconds(600))
        #expect(try accept(&queue, at: now + .seconds(600)) == "f1")
        #expect(queue.patterns.isEmpty)
    }

    @Test func `each pattern has its own backoff`() throws {
        var queue = queue([
            ("f1", job("a")), ("s1", job("b", "standard")), ("bad", job("sword", "standard")),
            ("s2", job("c", "standard")), ("s3", job("d", "standard")),
        ])
        _ = try reject(&queue, seconds: 10, at: now)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(try reject(&queue, seconds: 100, at: now) == "bad")
        #expect(try accept(&queue, at: now) == "s2")
        #expect(try accept(&queue, at: now) == "s3")
        #expect(queue.blockReason(at: now) == nil)
        #expect(queue.dequeueNext(at: now + .seconds(9)) == nil)
        #expect(try accept(&queue, at: now + .seconds(10)) == "f1")
        #expect(queue.dequeueNext(at: now + .seconds(99)) == nil)
        #expect(try accept(&queue, at: now + .seconds(100)) == "bad")
    }

    @Test func `a reason that combines two members is inferred`() throws {
        let high = #","resolution":"4k""#
        let low = #","resolution":"720p""#
        var queue = queue([
            ("x1", job("a", "fast", high)), ("s1", job("b", "standard", low)),
            ("f1", job("c", "fast", low)), ("h1", job("d", "standard", high)),
            ("x2", job("e", "fast", high)), ("x3", job("f", "fast", high)),
        ])
        _ = try reject(&queue, at: now)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(try accept(&queue, at: now) == "f1")
        #expect(try accept(&queue, at: now) == "h1")
        #expect(try reject(&queue, at: now) == "x2")
        #expect(queue.dequeueNext(at: now + .seconds(29)) == nil)
        queue.enqueue(TaskID("f9"), payload: nil, traits: job("g", "fast", low))
        queue.enqueue(TaskID("h9"), payload: nil, traits: job("g", "standard", high))
        #expect(try accept(&queue, at: now) == "f9")
        #expect(try accept(&queue, at: now) == "h9")
    }

    @Test func `unknown traits are read before a probe is chosen`() throws {
        var queue = queue([("f1", job("a"))])
        for name in ["u1", "u2"] { queue.enqueue(TaskID(name), payload: nil) }
        #expect(queue.tasksMissingTraits(at: now).isEmpty, "without a rejection no traits are read")
        _ = try reject(&queue, at: now)
        #expect(queue.dequeueNext(at: now) == nil)
        let unknown = queue.tasksMissingTraits(at: now)
        #expect(unknown.map(\.id.text) == ["u1", "u2"])
        #expect(queue.tasksMissingTraits(at: now).isEmpty)
        queue.setTraits(job("b"), of: unknown[0])
        #expect(queue.dequeueNext(at: now) == nil, "the other may have fewer shared traits")
        queue.setTraits(job("b", "standard"), of: unknown[1])
        #expect(try accept(&queue, at: now) == "u2")
        #expect(queue.position(of: TaskID("u1")) == 2)
    }

    @Test func `a search through a long queue runs in bounded parts`() throws {
        let jobs = (0..<5000).map { ("f\($0)", job("same")) } + [("s", job("s", "standard"))]
        var queue = queue(jobs, limit: 8)
        _ = try reject(&queue, at: now)
        var time = now
        while queue.dequeueNext(at: time) == nil {
            let next = queue.nextDispatch(after: time)
            #expect(next == time + .milliseconds(1))
            time = try #require(next)
        }
        #expect(time <= now + .milliseconds(6))
        #expect(queue.position(of: TaskID("f4999")) == 5000)
    }

    @Test func `the number of patterns is limited`() throws {
        var queue = SubmissionQueue(limit: 8)
        for number in 1...100 {
            let traits = JobTraits(payload: Array(#"{"only\#(number)":1}"#.utf8), client: "c\(number)")
            let attempt = RejectedAttempt(
                reason: .rateLimited, retry: .fixed(9), time: now, number: number, countAtStart: number - 1)
            queue.recordRejection(attempt, of: traits)
            queue.recordAcceptance(of: .plain, at: now)
        }
        #expect(queue.patterns.count == SubmissionQueue.patternsMax)
    }
}
