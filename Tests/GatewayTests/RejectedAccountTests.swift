import Testing
import VideoJobs

@testable import Gateway

/// When rejections of different jobs block the account, and when they do not.
@Suite struct RejectedAccountTests {
    let now = MonotonicTime(milliseconds: 0)

    /// A queue whose provider rejects the fast model and 4k, for two reasons.
    private struct RejectingQueue {
        var queue = SubmissionQueue(limit: 100)
        var reason = BlockReason.providerUnreachable
        /// In seconds.
        var retryAfter: Int?

        private var terms: RetryTerms {
            RetryTerms(
                backoff: Backoff(base: .seconds(2), cap: .seconds(60)),
                retryAfter: retryAfter.map { .seconds($0) }, jitter: 0)
        }

        mutating func add(
            _ name: String, _ model: String = "standard", _ more: String = "", as prompt: String? = nil
        ) {
            let payload = #"{"model":"\#(model)","prompt":"\#(prompt ?? name)"\#(more)}"#
            let traits = JobTraits(payload: Array(payload.utf8), client: "open")
            queue.enqueue(TaskID(name), payload: nil, traits: traits)
        }

        /// Sends the next job, rejects it, and returns its name.
        mutating func reject(at time: MonotonicTime) throws -> String {
            let next = queue.dequeueNext(at: time)
            let task = try #require(next)
            let traits = try #require(task.traits)
            queue.ended(task, .notAccepted(reason, traits), retry: terms, at: time)
            return task.id.text
        }

        /// Sends the next job, accepts it, and returns its name.
        mutating func accept(at time: MonotonicTime) throws -> String {
            let next = queue.dequeueNext(at: time)
            let task = try #require(next)
            queue.ended(task, .accepted(task.traits), retry: terms, at: time)
            return task.id.text
        }

        func isBlocked(at time: MonotonicTime) -> Bool { queue.blockReason(at: time) != nil }
        func next(_ name: String) -> MonotonicTime? { queue.hold(on: TaskID(name))?.until }
    }

    /// Returns a queue in which a fast job x and a 4k job y were rejected.
    private func twoRejected(
        _ reason: BlockReason = .providerUnreachable, retryAfter: Int? = nil
    ) throws -> RejectingQueue {
        var jobs = RejectingQueue(reason: reason, retryAfter: retryAfter)
        jobs.add("x", "fast")
        jobs.add("y", "standard", #","resolution":"4k""#)
        #expect(try jobs.reject(at: now) == "x")
        #expect(!jobs.isBlocked(at: now))
        #expect(try jobs.reject(at: now) == "y")
        #expect(jobs.isBlocked(at: now))
        return jobs
    }

    @Test(arguments: [
        BlockReason.providerUnreachable, .quotaExhausted, .credentialsRejected,
    ])
    func `a Retry-After concerns only the rejected jobs, a different job is sent after the backoff`(
        _ reason: BlockReason
    ) throws {
        var jobs = try twoRejected(reason, retryAfter: 3600)
        jobs.add("good")
        #expect(jobs.next("good") == now + .seconds(2))
        #expect(jobs.queue.dequeueNext(at: now + .seconds(1)) == nil)
        #expect(jobs.queue.nextDispatch(after: now) == now + .seconds(2))
        #expect(try jobs.accept(at: now + .seconds(2)) == "good")
        #expect(!jobs.isBlocked(at: now + .seconds(2)))
        jobs.add("good2")
        #expect(try jobs.accept(at: now + .seconds(2)) == "good2")
        for name in ["x", "y"] { #expect(jobs.next(name) == now + .seconds(3600)) }
        #expect(jobs.queue.dequeueNext(at: now + .seconds(3599)) == nil)
        #expect(jobs.queue.nextDispatch(after: now + .seconds(2)) == now + .seconds(3600))
        let again = [try jobs.reject(at: now + .seconds(3600)), try jobs.reject(at: now + .seconds(3600))]
        #expect(again.sorted() == ["x", "y"])
        #expect(!jobs.isBlocked(at: now + .seconds(3600)))
        jobs.add("good3")
        #expect(try jobs.accept(at: now + .seconds(3600)) == "good3")
    }

    @Test func `after two different jobs with 429 every job waits for Retry-After`() throws {
        var jobs = try twoRejected(.rateLimited, retryAfter: 600)
        jobs.add("good")
        #expect(jobs.queue.dequeueNext(at: now + .seconds(599)) == nil)
        #expect(try jobs.accept(at: now + .seconds(600)) == "good")
    }

    @Test func `while the account is blocked the job that differs most from all rejected ones is probed`()
        throws
    {
        var jobs = try twoRejected(retryAfter: 3600)
        jobs.add("x2", "fast", as: "x")
        jobs.add("f", "fast")
        jobs.add("good")
        #expect(jobs.next("x2") == now + .seconds(3600), "equal to a rejected job")
        #expect(try jobs.accept(at: now + .seconds(2)) == "good")
        #expect(try jobs.reject(at: now + .seconds(2)) == "f", "the prompt could have been the reason")
        #expect(jobs.queue.dequeueNext(at: now + .seconds(3599)) == nil)
        #expect(!jobs.isBlocked(at: now + .seconds(3599)))
    }

    @Test func `a rejected job keeps its next attempt while others are accepted, and does not block again`()
        throws
    {
        var jobs = try twoRejected()
        jobs.add("good")
        let shown = ["x", "y"].map { jobs.next($0) }
        #expect(try jobs.accept(at: now + .seconds(2)) == "good")
        #expect(["x", "y"].map { jobs.next($0) } == shown)
        var time = now + .seconds(1)
        for round in 0..<20 {
            let dispatch = jobs.queue.nextDispatch(after: time)
            let next = try #require(dispatch)
            for name in ["x", "y"] { #expect(try #require(jobs.next(name)) >= next) }
            time = next
            while let task = jobs.queue.dequeueNext(at: time) {
                let traits = try #require(task.traits)
                let terms = RetryTerms(backoff: Backoff(base: .seconds(2), cap: .seconds(60)), jitter: 0)
                jobs.queue.ended(task, .notAccepted(.quotaExhausted, traits), retry: terms, at: time)
                #expect(!jobs.isBlocked(at: time))
            }
            jobs.add("g\(round)")
            #expect(try jobs.accept(at: time) == "g\(round)")
        }
        #expect(time > now + .seconds(200))
    }

    @Test func `after an acceptance only two further different jobs block the account`()
        throws
    {
        var jobs = try twoRejected()
        jobs.add("good")
        #expect(try jobs.accept(at: now + .seconds(2)) == "good")
        let later = now + .seconds(100)
        #expect([try jobs.reject(at: later), try jobs.reject(at: later)].sorted() == ["x", "y"])
        jobs.add("third", "other", #","seconds":4"#)
        #expect(try jobs.reject(at: later) == "third")
        #expect(!jobs.isBlocked(at: later))
        jobs.add("fourth", "another", #","seconds":8"#)
        #expect(try jobs.reject(at: later) == "fourth")
        #expect(jobs.isBlocked(at: later))
        jobs.add("good2")
        #expect(jobs.next("good2") == later + .seconds(2))
        // The jobs that were rejected first are due by then, too.
        var tries = 0
        while jobs.queue.position(of: TaskID("good2")) != nil, tries < 4 {
            tries += 1
            let task = jobs.queue.dequeueNext(at: later + .seconds(2))
            guard let task, task.id != TaskID("good2") else { break }
            #expect(["x", "y"].contains(task.id.text))
        }
        #expect(jobs.queue.position(of: TaskID("good2")) == nil, "it was sent")
    }

    @Test func `repeated rejections do not delay a different job`() throws {
        var jobs = try twoRejected()
        var time = now
        for _ in 0..<20 {
            let dispatch = jobs.queue.nextDispatch(after: time)
            time = try #require(dispatch)
            _ = try jobs.reject(at: time)
            #expect(jobs.isBlocked(at: time))
        }
        jobs.add("good")
        #expect(try jobs.accept(at: time) == "good")
        #expect(!jobs.isBlocked(at: time))
    }
}
