import TestGround
import Testing
import VideoJobs

@Suite struct TaskLifecycleTests {
    let start = Timestamp(milliseconds: 1_757_165_031_000)

    func fresh() -> TaskRecord {
        TaskRecord(
            id: TaskID("task-rg-1-a"), job: VideoJob(model: "m", payload: [1]), client: "open", created: start
        )
    }

    func life(_ events: TaskLifecycle.Event...) -> TaskLifecycle {
        var life = TaskLifecycle(fresh())
        for event in events { _ = life.apply(event) }
        return life
    }

    func accepted(_ report: ProviderReport = ProviderReport(.pending)) -> TaskLifecycle.Event {
        .verdict(.accepted(ProviderTaskID("theirs"), report), at: start)
    }

    var running: TaskLifecycle { life(.sendingStarted(at: start), accepted()) }
    var archiving: TaskLifecycle {
        life(
            .sendingStarted(at: start), accepted(),
            .reported(ProviderReport(.completed, links: ["l"]), at: start))
    }

    @Test func `a job walks from the queue to its video, one durable step at a time`() {
        var life = TaskLifecycle(fresh())
        #expect(life.apply(.sendingStarted(at: start)) == [.save(name: "sending", detail: "attempt 1")])
        #expect(life.apply(accepted()) == [.save(name: "accepted", detail: "theirs"), .poll])
        let half = ProviderReport(.processing, progress: 50)
        #expect(life.apply(.reported(half, at: start)) == [.save(name: "progress", detail: "50"), .poll])
        #expect(life.record.status == .processing)
        let done = ProviderReport(.completed, progress: 100, links: ["l"])
        #expect(life.apply(.reported(done, at: start)) == [.save(name: "archiving", detail: nil), .archive])
        #expect(life.record.progress == 99)
        #expect(life.record.status == .processing)
        let result = ArchivedResult(contentType: "video/mp4", bytes: 1, sha256: "00")
        let end = life.apply(.archived([result], expires: nil, at: start))
        #expect(end == [.save(name: "completed", detail: nil)])
        #expect(life.record.progress == 100)
        #expect(life.record.version == 6)
        #expect(life.record.links.isEmpty)
    }

    @Test func `what was surely not sent waits again, and keeps its place`() {
        var life = life(.sendingStarted(at: start))
        let verdict = SubmissionVerdict.notAccepted(
            .providerUnreachable, retryAfter: .seconds(3), words: "no route")
        let effects = life.apply(.verdict(verdict, at: start))
        #expect(effects == [.save(name: "not_accepted", detail: "no route"), .submit(after: .seconds(3))])
        #expect(life.record.state == .queued)
        #expect(life.record.obstacle == .providerUnreachable)
        #expect(life.record.attempts == 1)
    }

    @Test func `a lost reply makes the task uncertain, and nothing sends it again`() {
        var life = life(.sendingStarted(at: start), .verdict(.unknown(evidence: "cut"), at: start))
        #expect(life.record.state == .uncertain)
        #expect(life.record.status == .failed)
        #expect(life.record.failure?.code == "outcome_unknown")
        #expect(life.apply(.sendingStarted(at: start)) == [])
    }

    @Test func `a crash in the middle of sending is a lost reply`() {
        #expect(life(.sendingStarted(at: start), .interrupted(at: start)).record.state == .uncertain)
    }

    @Test func `completed without results is not an end`() {
        var life = running
        #expect(life.apply(.reported(ProviderReport(.completed, progress: 50), at: start)).last == .poll)
        #expect(life.record.state == .running)
    }

    @Test func `an unknown word is not an end`() {
        var life = running
        #expect(life.apply(.reported(ProviderReport(.unknown("paused")), at: start)) == [.poll])
        #expect(life.record.state == .running)
    }

    @Test func `a report that says nothing new is not written`() {
        var life = running
        let report = ProviderReport(.processing, progress: 10)
        _ = life.apply(.reported(report, at: start))
        let before = life
        #expect(life.apply(.reported(report, at: start + .seconds(9))) == [.poll])
        #expect(life == before)
    }

    @Test func `progress never runs backwards and never reaches 100 before the video is here`() {
        var life = running
        _ = life.apply(.reported(ProviderReport(.processing, progress: 100), at: start))
        #expect(life.record.progress == 99)
        _ = life.apply(.reported(ProviderReport(.processing, progress: 5), at: start))
        #expect(life.record.progress == 99)
    }

    @Test func `a copy that failed is tried again and never sends a job`() {
        var life = archiving
        let effects = life.apply(.archiveFailed(words: "cut", at: start))
        #expect(effects == [.save(name: "archive_failed", detail: "cut"), .archive])
        #expect(life.record.state == .archiving)
        #expect(life.record.archiveFailures == 1)
    }

    @Test func `a fresh link replaces a dead one while archiving`() {
        var life = archiving
        let effects = life.apply(.reported(ProviderReport(.completed, links: ["fresh"]), at: start))
        #expect(effects == [.save(name: "links_renewed", detail: nil), .archive])
        #expect(life.apply(.reported(ProviderReport(.completed, links: ["fresh"]), at: start)) == [])
    }

    @Test func `only what was not sent can be withdrawn`() {
        #expect(life(.withdrawn(at: start)).record.state == .cancelled)
        for var life in [life(.sendingStarted(at: start)), running, archiving] {
            #expect(life.apply(.withdrawn(at: start)) == [])
        }
    }

    @Test func `an ended task changes for no event, but for its content's end`() {
        let events: [TaskLifecycle.Event] = [
            .sendingStarted(at: start), accepted(), .interrupted(at: start),
            .reported(ProviderReport(.completed, links: ["x"]), at: start),
            .gaveUp(TaskFailure(code: "c", message: "m"), at: start), .archived([], expires: nil, at: start),
            .archiveFailed(words: "w", at: start), .withdrawn(at: start),
        ]
        var completed = archiving
        _ = completed.apply(.archived([], expires: nil, at: start))
        let failed = life(
            .sendingStarted(at: start), .verdict(.refused(.init(code: "c", message: "m")), at: start))
        let uncertain = life(.sendingStarted(at: start), .interrupted(at: start))
        for ended in [completed, failed, uncertain, life(.withdrawn(at: start))] {
            for event in events {
                var life = ended
                #expect(life.apply(event) == [])
                #expect(life == ended)
            }
        }
        #expect(completed.apply(.contentRemoved(at: start)) == [.save(name: "content_removed", detail: nil)])
        #expect(completed.apply(.contentRemoved(at: start)) == [])
    }

    @Test func `every saved change raises the version by one, whatever the history`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            var life = TaskLifecycle(fresh())
            for _ in 0..<12 {
                let before = life.record
                let effects = life.apply(anyEvent(&random))
                if case .save? = effects.first {
                    #expect(life.record.version == before.version + 1, "seed \(seed)")
                } else {
                    #expect(life.record == before, "seed \(seed)")
                }
                #expect(
                    rank(life.record.state) >= rank(before.state) || before.state == .sending, "seed \(seed)")
                #expect(life.record.progress >= before.progress, "seed \(seed)")
            }
        }
    }

    func rank(_ state: TaskState) -> Int {
        switch state {
        case .queued: 0
        case .sending: 1
        case .running: 2
        case .archiving: 3
        case .completed, .failed, .uncertain, .cancelled: 4
        }
    }

    func anyEvent(_ random: inout SeededRandom) -> TaskLifecycle.Event {
        let events: [TaskLifecycle.Event] = [
            .sendingStarted(at: start), accepted(), accepted(ProviderReport(.completed, links: ["a"])),
            .verdict(.refused(TaskFailure(code: "c", message: "m")), at: start),
            .verdict(.notAccepted(.rateLimited, retryAfter: nil, words: "w"), at: start),
            .verdict(.unknown(evidence: "e"), at: start), .interrupted(at: start),
            .reported(
                ProviderReport(.processing, progress: Int.random(in: 0...120, using: &random)), at: start),
            .reported(ProviderReport(.completed, links: ["b"]), at: start),
            .reported(ProviderReport(.failed), at: start), .archiveFailed(words: "w", at: start),
            .archived([], expires: nil, at: start), .withdrawn(at: start), .contentRemoved(at: start),
            .gaveUp(TaskFailure(code: "c", message: "m"), at: start),
        ]
        return events[Int.random(in: events.indices, using: &random)]
    }
}
