import TestSupport
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
        .verdict(.accepted(ProviderTaskID("provider-1"), report), at: start)
    }

    var running: TaskLifecycle { life(.sendingStarted(at: start), accepted()) }
    var archiving: TaskLifecycle {
        life(
            .sendingStarted(at: start), accepted(),
            .reported(ProviderReport(.completed, links: ["l"]), at: start))
    }

    @Test func `a job walks from the queue to its video, one durable step at a time`() {
        var life = TaskLifecycle(fresh())
        #expect(life.apply(.sendingStarted(at: start))?.step == ExpectedStep("sending", "attempt 1"))
        #expect(life.apply(accepted())?.step == ExpectedStep("accepted", "provider-1"))
        let half = ProviderReport(.processing, progress: 50)
        #expect(life.apply(.reported(half, at: start))?.step == ExpectedStep("progress", "50"))
        #expect(life.record.status == .processing)
        let done = ProviderReport(.completed, progress: 100, links: ["l"])
        #expect(life.apply(.reported(done, at: start))?.step == ExpectedStep("archiving", nil))
        #expect(life.record.progress == 99)
        #expect(life.record.status == .processing)
        let result = ArchivedResult(contentType: "video/mp4", bytes: 1, sha256: "00")
        let end = life.apply(.archived([result], expires: nil, at: start))
        #expect(end?.step == ExpectedStep("completed", nil))
        #expect(life.record.progress == 100)
        #expect(life.record.version == 6)
        #expect(life.record.links.isEmpty)
    }

    @Test func `what was surely not sent waits again, and keeps its place`() {
        var life = life(.sendingStarted(at: start))
        let verdict = SubmissionVerdict.notAccepted(
            .providerUnreachable, retryAfter: .seconds(3), message: "no route")
        let transition = life.apply(.verdict(verdict, at: start))
        #expect(transition?.step == ExpectedStep("not_accepted", "no route"))
        #expect(life.record.state == .queued)
        #expect(life.record.blockReason == .providerUnreachable)
        #expect(life.record.attempts == 1)
    }

    @Test func `a lost reply makes the task uncertain, and nothing sends it again`() {
        var life = life(.sendingStarted(at: start), .verdict(.unknown(LostReply("cut")), at: start))
        #expect(life.record.state == .uncertain)
        #expect(life.record.status == .failed)
        #expect(life.record.failure?.code == "outcome_unknown")
        #expect(life.apply(.sendingStarted(at: start)) == nil)
    }

    @Test func `a crash in the middle of sending is a lost reply`() {
        #expect(life(.sendingStarted(at: start), .interrupted(at: start)).record.state == .uncertain)
    }

    @Test func `completed without results is not an end`() {
        var life = running
        #expect(
            life.apply(.reported(ProviderReport(.completed, progress: 50), at: start))?.record.state
                == .running)
        #expect(life.record.state == .running)
    }

    @Test func `an unknown word is not an end`() {
        var life = running
        #expect(life.apply(.reported(ProviderReport(.unknown("paused")), at: start)) == nil)
        #expect(life.record.state == .running)
    }

    @Test func `a report that says nothing new is not written`() {
        var life = running
        let report = ProviderReport(.processing, progress: 10)
        _ = life.apply(.reported(report, at: start))
        let before = life
        #expect(life.apply(.reported(report, at: start + .seconds(9))) == nil)
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
        let transition = life.apply(.archiveFailed(message: "cut", at: start))
        #expect(transition?.step == ExpectedStep("archive_failed", "cut"))
        #expect(life.record.state == .archiving)
        #expect(life.record.archiveFailures == 1)
    }

    @Test func `a copy that a person must make possible shows why it waits, until another outcome`() {
        var life = archiving
        _ = life.apply(.archiveFailed(message: "too large", isBlocked: true, at: start))
        #expect(life.record.blockReason == .archiveUnavailable && life.record.blockMessage == "too large")
        var other = life
        _ = other.apply(.archiveFailed(message: "cut", at: start))
        #expect(other.record.blockReason == nil && other.record.blockMessage == nil)
        _ = life.apply(.archived([], expires: nil, at: start))
        #expect(life.record.state == .completed && life.record.blockReason == nil)
    }

    @Test func `a fresh link replaces a dead one while archiving`() {
        var life = archiving
        let transition = life.apply(.reported(ProviderReport(.completed, links: ["fresh"]), at: start))
        #expect(transition?.step == ExpectedStep("links_renewed", nil))
        #expect(life.apply(.reported(ProviderReport(.completed, links: ["fresh"]), at: start)) == nil)
    }

    @Test func `only what was not sent can be withdrawn`() {
        #expect(life(.withdrawn(at: start)).record.state == .cancelled)
        for var life in [life(.sendingStarted(at: start)), running, archiving] {
            #expect(life.apply(.withdrawn(at: start)) == nil)
        }
    }

    @Test func `an ended task changes for no event, but for its content's end`() {
        let events: [TaskLifecycle.Event] = [
            .sendingStarted(at: start), accepted(), .interrupted(at: start),
            .reported(ProviderReport(.completed, links: ["x"]), at: start),
            .gaveUp(FailureReason(code: "c", message: "m"), graceDeadline: nil, at: start),
            .archived([], expires: nil, at: start), .archiveFailed(message: "w", at: start),
            .withdrawn(at: start), .gracePeriodEnded(at: start), .jobLost(at: start),
            .resultsArrived([.second], at: start),
            .outdated(LostReply("old"), at: start),
        ]
        var completed = archiving
        _ = completed.apply(.archived([], expires: nil, at: start))
        let failed = life(
            .sendingStarted(at: start), .verdict(.refused(.init(code: "c", message: "m")), at: start))
        let uncertain = life(.sendingStarted(at: start), .interrupted(at: start))
        for ended in [completed, failed, uncertain, life(.withdrawn(at: start))] {
            for event in events {
                var life = ended
                #expect(life.apply(event) == nil)
                #expect(life == ended)
            }
        }
        #expect(completed.apply(.contentRemoved(at: start))?.step == ExpectedStep("content_removed", nil))
        #expect(completed.apply(.contentRemoved(at: start)) == nil)
    }

    @Test func `an uncertain task is settled by hand, in one of three ways`() {
        let uncertain = life(.sendingStarted(at: start), .interrupted(at: start))

        var adopted = uncertain
        let found = ProviderTaskID("provider-1")
        #expect(
            adopted.apply(.settled(.adopt(found), at: start))?.step == ExpectedStep("adopted", "provider-1"))
        #expect(adopted.record.state == .running)
        #expect(adopted.record.providerTaskID == found)
        #expect(adopted.record.failure == nil)

        var dismissed = uncertain
        #expect(dismissed.apply(.settled(.dismiss, at: start))?.step == ExpectedStep("dismissed", nil))
        #expect(dismissed.record.state == .failed)
        #expect(dismissed.record.failure?.code == "dismissed")

        var resubmitted = uncertain
        #expect(resubmitted.apply(.settled(.resubmit, at: start))?.step == ExpectedStep("resubmitted", nil))
        #expect(resubmitted.record.state == .queued)
        #expect(resubmitted.record.attempts == 1)

        let settlements: [TaskLifecycle.Event] = [
            .settled(.adopt(found), at: start), .settled(.dismiss, at: start), .settled(.resubmit, at: start),
        ]
        for var life in [adopted, dismissed, resubmitted, running, archiving, life()] {
            for event in settlements { #expect(life.apply(event) == nil) }
        }
    }

    @Test func `evidence of a lost reply says when, which attempt and what was seen`() {
        let lost = LostReply("cut", bytesSent: 7, status: 502, providerRequestID: "r")
        let life = life(
            .sendingStarted(at: start), .verdict(.unknown(lost), at: start + .seconds(60)))
        #expect(
            life.record.evidence
                == SubmissionEvidence(attempt: 1, sent: start, lost: start + .seconds(60), reply: lost))
    }

    @Test func `a task that was given up on comes back to life when it ends after all`() {
        let failure = FailureReason(code: "generation_timeout", message: "m")
        let late = start + .seconds(3600)
        var life = running
        let transition = life.apply(.gaveUp(failure, graceDeadline: late, at: start))
        #expect(transition?.record.graceDeadline == late)
        #expect(life.record.state == .failed)
        #expect(life.record.hasWorkLeft)
        #expect(life.apply(.reported(ProviderReport(.processing, progress: 99), at: start)) == nil)
        #expect(life.apply(.reported(ProviderReport(.completed), at: start)) == nil)

        var recovered = life
        let report = ProviderReport(.completed, links: ["late"])
        #expect(
            recovered.apply(.reported(report, at: start))?.step == ExpectedStep("recovered", nil))
        #expect(recovered.record.state == .archiving)
        #expect(recovered.record.failure == nil)
        #expect(recovered.record.graceDeadline == nil)

        var refused = life
        let no = ProviderReport(.failed, failure: FailureReason(code: "service_error", message: "no"))
        #expect(refused.apply(.reported(no, at: start)) != nil)
        #expect(refused.record.failure?.code == "service_error")
        #expect(!refused.record.hasWorkLeft)

        #expect(life.apply(.gracePeriodEnded(at: start))?.step == ExpectedStep("late_watch_ended", nil))
        #expect(life.record.failure == failure)
        #expect(life.apply(.reported(report, at: start)) == nil)
    }

    @Test func `a job whose body the store lost has failed, and was never sent`() {
        let lost = life(.jobLost(at: start))
        #expect(lost.record.state == .failed)
        #expect(lost.record.attempts == 0)
        #expect(life(.sendingStarted(at: start), .jobLost(at: start)).record.state == .sending)
    }

    @Test func `what an outdated store calls queued is uncertain, and what was sent stays as it is`() {
        let doubted = life(.outdated(LostReply("old", bytesSent: nil), at: start))
        #expect(doubted.record.state == .uncertain)
        #expect(doubted.record.evidence?.attempt == 1)
        #expect(doubted.record.failure?.code == "outcome_unknown")
        #expect(
            life(.sendingStarted(at: start), .outdated(LostReply("old"), at: start)).record.state == .sending)
    }

    @Test func `every saved change raises the version by one, whatever the history`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            var life = TaskLifecycle(fresh())
            for _ in 0..<12 {
                let before = life.record
                let transition = life.apply(anyEvent(&random))
                if let transition {
                    #expect(transition.before == before && transition.record == life.record, "seed \(seed)")
                    #expect(life.record.version == before.version + 1, "seed \(seed)")
                } else {
                    #expect(life.record == before, "seed \(seed)")
                }
                let mayGoBack =
                    before.state == .sending || before.state == .uncertain || before.graceDeadline != nil
                #expect(rank(life.record.state) >= rank(before.state) || mayGoBack, "seed \(seed)")
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
            .verdict(.refused(FailureReason(code: "c", message: "m")), at: start),
            .verdict(.notAccepted(.rateLimited, retryAfter: nil, message: "w"), at: start),
            .verdict(.unknown(LostReply("e")), at: start), .interrupted(at: start),
            .reported(
                ProviderReport(.processing, progress: Int.random(in: 0...120, using: &random)), at: start),
            .reported(ProviderReport(.completed, links: ["b"]), at: start),
            .reported(ProviderReport(.failed), at: start), .archiveFailed(message: "w", at: start),
            .archived([], expires: nil, at: start), .withdrawn(at: start), .contentRemoved(at: start),
            .gaveUp(FailureReason(code: "c", message: "m"), graceDeadline: nil, at: start),
            .gaveUp(FailureReason(code: "c", message: "m"), graceDeadline: start, at: start),
            .archived([], expires: nil, graceDeadline: start, at: start),
            .resultsArrived([.second], at: start),
            .gracePeriodEnded(at: start), .jobLost(at: start),
            .settled(.adopt(ProviderTaskID("a")), at: start),
            .settled(.dismiss, at: start), .settled(.resubmit, at: start),
        ]
        return events[Int.random(in: events.indices, using: &random)]
    }
}
