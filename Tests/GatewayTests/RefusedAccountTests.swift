import Testing
import VideoJobs

@testable import Gateway

/// When several kinds of job are refused: what that says of the account, and what it does not.
@Suite struct RefusedAccountTests {
    let now = MonotonicTime(milliseconds: 0)

    /// A queue whose provider refuses the fast model and 4k, each for a reason of its own.
    private struct Line {
        var queue = SubmissionQueue(limit: 100)
        var obstacle = BlockReason.providerUnreachable
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

        /// Sends the next job and refuses it.
        mutating func refuse(at time: MonotonicTime) throws -> String {
            let next = queue.takeNext(at: time)
            let task = try #require(next)
            let traits = try #require(task.traits)
            queue.ended(task, .notAccepted(obstacle, traits), retry: terms, at: time)
            return task.id.text
        }

        mutating func accept(at time: MonotonicTime) throws -> String {
            let next = queue.takeNext(at: time)
            let task = try #require(next)
            queue.ended(task, .accepted(task.traits), retry: terms, at: time)
            return task.id.text
        }

        func isBlocked(at time: MonotonicTime) -> Bool { queue.obstacle(at: time) != nil }
        func next(_ name: String) -> MonotonicTime? { queue.hold(on: TaskID(name))?.until }
    }

    /// A line in which a fast job x and a 4k job y were refused.
    private func twoRefused(
        _ obstacle: BlockReason = .providerUnreachable, retryAfter: Int? = nil
    ) throws -> Line {
        var line = Line(obstacle: obstacle, retryAfter: retryAfter)
        line.add("x", "fast")
        line.add("y", "standard", #","resolution":"4k""#)
        #expect(try line.refuse(at: now) == "x")
        #expect(!line.isBlocked(at: now))
        #expect(try line.refuse(at: now) == "y")
        #expect(line.isBlocked(at: now))
        return line
    }

    @Test(arguments: [
        BlockReason.providerUnreachable, .quotaExhausted, .credentialsRejected,
    ])
    func `what two kinds were asked to wait is theirs, a third goes after the backoff`(
        _ obstacle: BlockReason
    ) throws {
        var line = try twoRefused(obstacle, retryAfter: 3600)
        line.add("good")
        #expect(line.next("good") == now + .seconds(2))
        #expect(line.queue.takeNext(at: now + .seconds(1)) == nil)
        #expect(line.queue.nextDispatch(after: now) == now + .seconds(2))
        #expect(try line.accept(at: now + .seconds(2)) == "good")
        #expect(!line.isBlocked(at: now + .seconds(2)))
        line.add("good2")
        #expect(try line.accept(at: now + .seconds(2)) == "good2")
        for name in ["x", "y"] { #expect(line.next(name) == now + .seconds(3600)) }
        #expect(line.queue.takeNext(at: now + .seconds(3599)) == nil)
        #expect(line.queue.nextDispatch(after: now + .seconds(2)) == now + .seconds(3600))
        let again = [try line.refuse(at: now + .seconds(3600)), try line.refuse(at: now + .seconds(3600))]
        #expect(again.sorted() == ["x", "y"])
        #expect(!line.isBlocked(at: now + .seconds(3600)))
        line.add("good3")
        #expect(try line.accept(at: now + .seconds(3600)) == "good3")
    }

    @Test func `rates are limited by account: after two unlike 429 all wait as long as asked`() throws {
        var line = try twoRefused(.rateLimited, retryAfter: 600)
        line.add("good")
        #expect(line.queue.takeNext(at: now + .seconds(599)) == nil)
        #expect(try line.accept(at: now + .seconds(600)) == "good")
    }

    @Test func `while the account is blocked the job goes first that differs most from all refused ones`()
        throws
    {
        var line = try twoRefused(retryAfter: 3600)
        line.add("x2", "fast", as: "x")
        line.add("f", "fast")
        line.add("good")
        #expect(line.next("x2") == now + .seconds(3600), "the same job as one that was refused")
        #expect(try line.accept(at: now + .seconds(2)) == "good")
        #expect(try line.refuse(at: now + .seconds(2)) == "f", "another prompt might have helped")
        #expect(line.queue.takeNext(at: now + .seconds(3599)) == nil)
        #expect(!line.isBlocked(at: now + .seconds(3599)))
    }

    @Test func `a refused job waits as it shows whatever else is accepted, and does not block again`() throws
    {
        var line = try twoRefused()
        line.add("good")
        let shown = ["x", "y"].map { line.next($0) }
        #expect(try line.accept(at: now + .seconds(2)) == "good")
        #expect(["x", "y"].map { line.next($0) } == shown)
        var time = now + .seconds(1)
        for round in 0..<20 {
            let look = line.queue.nextDispatch(after: time)
            let next = try #require(look)
            for name in ["x", "y"] { #expect(try #require(line.next(name)) >= next) }
            time = next
            while let task = line.queue.takeNext(at: time) {
                let traits = try #require(task.traits)
                let terms = RetryTerms(backoff: Backoff(base: .seconds(2), cap: .seconds(60)), jitter: 0)
                line.queue.ended(task, .notAccepted(.quotaExhausted, traits), retry: terms, at: time)
                #expect(!line.isBlocked(at: time))
            }
            line.add("g\(round)")
            #expect(try line.accept(at: time) == "g\(round)")
        }
        #expect(time > now + .seconds(200))
    }

    @Test func `after an acceptance only two more unlike jobs block the account, not the refused ones`()
        throws
    {
        var line = try twoRefused()
        line.add("good")
        #expect(try line.accept(at: now + .seconds(2)) == "good")
        let later = now + .seconds(100)
        #expect([try line.refuse(at: later), try line.refuse(at: later)].sorted() == ["x", "y"])
        line.add("third", "other", #","seconds":4"#)
        #expect(try line.refuse(at: later) == "third")
        #expect(!line.isBlocked(at: later))
        line.add("fourth", "another", #","seconds":8"#)
        #expect(try line.refuse(at: later) == "fourth")
        #expect(line.isBlocked(at: later))
        line.add("good2")
        #expect(line.next("good2") == later + .seconds(2))
        // By then it is time for those that were refused first, too.
        var tries = 0
        while line.queue.position(of: TaskID("good2")) != nil, tries < 4 {
            tries += 1
            let task = line.queue.takeNext(at: later + .seconds(2))
            guard let task, task.id != TaskID("good2") else { break }
            #expect(["x", "y"].contains(task.id.text))
        }
        #expect(line.queue.position(of: TaskID("good2")) == nil, "it was sent")
    }

    @Test func `refusals of what is known to be refused do not put off an unlike job`() throws {
        var line = try twoRefused()
        var time = now
        for _ in 0..<20 {
            let look = line.queue.nextDispatch(after: time)
            time = try #require(look)
            _ = try line.refuse(at: time)
            #expect(line.isBlocked(at: time))
        }
        line.add("good")
        #expect(try line.accept(at: time) == "good")
        #expect(!line.isBlocked(at: time))
    }
}
