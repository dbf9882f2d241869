import Testing
import VideoJobs

@testable import Gateway

/// Which jobs wait when one was refused, and which go on.
@Suite struct RefusedKindTests {
    let now = MonotonicTime(milliseconds: 0)

    private func job(_ prompt: String, _ model: String = "fast", _ more: String = "") -> JobTraits {
        JobTraits(
            payload: Array(#"{"model":"\#(model)","prompt":"\#(prompt)"\#(more)}"#.utf8), client: "open")
    }

    /// A queue of these jobs, each named by its prompt.
    private func queue(_ jobs: [(name: String, traits: JobTraits)], limit: Int = 8) -> SubmissionQueue {
        var queue = SubmissionQueue(limit: limit)
        for job in jobs { queue.enqueue(TaskID(job.name), payload: nil, traits: job.traits) }
        return queue
    }

    private func take(_ queue: inout SubmissionQueue, at time: MonotonicTime) throws -> QueuedTask {
        let task = queue.takeNext(at: time)
        return try #require(task)
    }

    /// Sends the next job and refuses it.
    private func refuse(
        _ queue: inout SubmissionQueue, seconds: Int = 30, at time: MonotonicTime
    ) throws -> String {
        let task = try take(&queue, at: time)
        let traits = try #require(task.traits)
        queue.ended(task, .notAccepted(.providerUnreachable, traits), retry: .fixed(seconds), at: time)
        return task.id.text
    }

    private func accept(_ queue: inout SubmissionQueue, at time: MonotonicTime) throws -> String {
        let task = try take(&queue, at: time)
        queue.ended(task, .accepted(task.traits), retry: .fixed(1), at: time)
        return task.id.text
    }

    @Test func `the least alike job is tried next, at once`() throws {
        var queue = queue([
            ("f1", job("a")), ("f2", job("b")), ("s1", job("b", "standard")), ("f3", job("c")),
        ])
        #expect(try refuse(&queue, at: now) == "f1")
        #expect(queue.obstacle(at: now) == nil)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(queue.obstacle(at: now) == nil)
    }

    @Test func `one unproven job is tried at a time, cleared ones go at full speed`() throws {
        var queue = queue([
            ("f1", job("a")), ("s1", job("b", "standard")), ("s2", job("c", "standard")),
            ("s3", job("d", "standard")),
        ])
        _ = try refuse(&queue, at: now)
        let probe = try take(&queue, at: now)
        #expect(queue.takeNext(at: now) == nil)
        queue.ended(probe, .accepted(probe.traits), retry: .fixed(1), at: now)
        #expect(try take(&queue, at: now).id.text == "s2")
        #expect(try take(&queue, at: now).id.text == "s3")
        #expect(queue.takeNext(at: now) == nil)
        #expect(queue.obstacle(at: now) == nil, "the account works for other jobs")
        #expect(queue.hold(on: TaskID("f1"))?.until == now + .seconds(30))
    }

    @Test func `jobs of a refused kind wait behind it, and are tried one at a time`() throws {
        var queue = queue(
            [("f1", job("a")), ("s1", job("s", "standard"))]
                + (2...1000).map { ("f\($0)", job("p\($0)")) }, limit: 2000)
        _ = try refuse(&queue, at: now)
        #expect(try accept(&queue, at: now) == "s1")
        // Another prompt might have helped.
        _ = try refuse(&queue, at: now)
        #expect(queue.takeNext(at: now) == nil)
        #expect(queue.takeNext(at: now + .seconds(29)) == nil)
        _ = try refuse(&queue, seconds: 60, at: now + .seconds(30))
        #expect(queue.takeNext(at: now + .seconds(89)) == nil)
        #expect(queue.obstacle(at: now + .seconds(89)) == nil)
        // Whoever comes now and is like those that were accepted is not held.
        queue.enqueue(TaskID("s2"), payload: nil, traits: job("z", "standard"))
        #expect(queue.takeNext(at: now + .seconds(89))?.id.text == "s2")
        // When the kind is taken again, all of them go.
        _ = try accept(&queue, at: now + .seconds(90))
        for _ in 0..<900 { _ = try accept(&queue, at: now + .seconds(90)) }
    }

    @Test func `two unlike jobs in a row block the account, one accepted job unblocks it`() throws {
        var queue = queue([
            ("f1", job("a")), ("s1", job("b", "standard")), ("s2", job("c", "standard")),
        ])
        _ = try refuse(&queue, at: now)
        #expect(queue.obstacle(at: now) == nil)
        _ = try refuse(&queue, at: now)
        #expect(queue.obstacle(at: now)?.0 == .providerUnreachable)
        #expect(queue.takeNext(at: now + .seconds(29)) == nil)
        // Not one of those that were refused, but the one that was not tried yet.
        #expect(try accept(&queue, at: now + .seconds(30)) == "s2")
        #expect(queue.obstacle(at: now + .seconds(30)) == nil)
    }

    @Test func `with one kind of job waiting its refusal is the account's, until another comes`() throws {
        var queue = queue([("f1", job("a"))])
        _ = try refuse(&queue, at: now)
        #expect(queue.obstacle(at: now)?.0 == .providerUnreachable)
        queue.enqueue(TaskID("s1"), payload: nil, traits: job("b", "standard"))
        #expect(queue.obstacle(at: now) == nil)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(queue.obstacle(at: now) == nil)
        #expect(queue.obstacle(at: now + .seconds(31)) == nil)
    }

    @Test func `a refused job is not sent again sooner than asked, whatever else is accepted`() throws {
        var queue = queue([("f1", job("a")), ("f2", job("b")), ("s1", job("s", "standard"))])
        let terms = RetryTerms(
            backoff: Backoff(base: .seconds(1), cap: .seconds(1)), retryAfter: .seconds(600), jitter: 0)
        let first = try take(&queue, at: now)
        queue.ended(
            first, .notAccepted(.rateLimited, try #require(first.traits)), retry: terms, at: now)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(try accept(&queue, at: now) == "f2")
        #expect(queue.takeNext(at: now + .seconds(599)) == nil)
        #expect(queue.nextDispatch(after: now + .seconds(599)) == now + .seconds(600))
        #expect(try accept(&queue, at: now + .seconds(600)) == "f1")
        #expect(queue.kinds.isEmpty)
    }

    @Test func `several kinds wait each with its own backoff`() throws {
        var queue = queue([
            ("f1", job("a")), ("s1", job("b", "standard")), ("bad", job("sword", "standard")),
            ("s2", job("c", "standard")), ("s3", job("d", "standard")),
        ])
        _ = try refuse(&queue, seconds: 10, at: now)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(try refuse(&queue, seconds: 100, at: now) == "bad")
        #expect(try accept(&queue, at: now) == "s2")
        #expect(try accept(&queue, at: now) == "s3")
        #expect(queue.obstacle(at: now) == nil)
        #expect(queue.takeNext(at: now + .seconds(9)) == nil)
        #expect(try accept(&queue, at: now + .seconds(10)) == "f1")
        #expect(queue.takeNext(at: now + .seconds(99)) == nil)
        #expect(try accept(&queue, at: now + .seconds(100)) == "bad")
    }

    @Test func `a reason of two members is found out`() throws {
        let high = #","resolution":"4k""#
        let low = #","resolution":"720p""#
        var queue = queue([
            ("x1", job("a", "fast", high)), ("s1", job("b", "standard", low)),
            ("f1", job("c", "fast", low)), ("h1", job("d", "standard", high)),
            ("x2", job("e", "fast", high)), ("x3", job("f", "fast", high)),
        ])
        _ = try refuse(&queue, at: now)
        #expect(try accept(&queue, at: now) == "s1")
        #expect(try accept(&queue, at: now) == "f1")
        #expect(try accept(&queue, at: now) == "h1")
        #expect(try refuse(&queue, at: now) == "x2")
        #expect(queue.takeNext(at: now + .seconds(29)) == nil)
        queue.enqueue(TaskID("f9"), payload: nil, traits: job("g", "fast", low))
        queue.enqueue(TaskID("h9"), payload: nil, traits: job("g", "standard", high))
        #expect(try accept(&queue, at: now) == "f9")
        #expect(try accept(&queue, at: now) == "h9")
    }

    @Test func `jobs whose traits are not known yet are examined first`() throws {
        var queue = queue([("f1", job("a"))])
        for name in ["u1", "u2"] { queue.enqueue(TaskID(name), payload: nil) }
        #expect(queue.tasksToExamine(at: now).isEmpty, "while nothing is refused nobody is compared")
        _ = try refuse(&queue, at: now)
        #expect(queue.takeNext(at: now) == nil)
        let unknown = queue.tasksToExamine(at: now)
        #expect(unknown.map(\.id.text) == ["u1", "u2"])
        #expect(queue.tasksToExamine(at: now).isEmpty)
        queue.examined(unknown[0], job("b"))
        #expect(queue.takeNext(at: now) == nil, "the other may be less alike")
        queue.examined(unknown[1], job("b", "standard"))
        #expect(try accept(&queue, at: now) == "u2")
        #expect(queue.position(of: TaskID("u1")) == 2)
    }

    @Test func `a search through a long queue is cut into parts`() throws {
        let jobs = (0..<5000).map { ("f\($0)", job("same")) } + [("s", job("s", "standard"))]
        var queue = queue(jobs, limit: 8)
        _ = try refuse(&queue, at: now)
        var time = now
        while queue.takeNext(at: time) == nil {
            let next = queue.nextDispatch(after: time)
            #expect(next == time + .milliseconds(1))
            time = try #require(next)
        }
        #expect(time <= now + .milliseconds(6))
        #expect(queue.position(of: TaskID("f4999")) == 5000)
    }

    @Test func `the number of kinds is bounded`() throws {
        var queue = SubmissionQueue(limit: 8)
        for number in 1...100 {
            let traits = JobTraits(payload: Array(#"{"only\#(number)":1}"#.utf8), client: "c\(number)")
            let refusal = Refusal(
                obstacle: .rateLimited, retry: .fixed(9), time: now, number: number, seen: number - 1)
            queue.noteRefusal(refusal, of: traits)
            queue.noteAcceptance(of: .plain, at: now)
        }
        #expect(queue.kinds.count == SubmissionQueue.kindsMax)
    }
}
