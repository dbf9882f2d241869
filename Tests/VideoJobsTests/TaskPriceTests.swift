import Testing
import VideoJobs

@Suite struct TaskPriceTests {
    private let start = Timestamp(milliseconds: 1_757_165_031_000)

    private func life(_ events: TaskLifecycle.Event...) -> TaskLifecycle {
        let job = VideoJob(model: "m", payload: [1], price: 640_000)
        var life = TaskLifecycle(
            TaskRecord(id: TaskID("task-rg-1-a"), job: job, client: "open", created: start))
        for event in events { #expect(life.apply(event) != nil, "\(event)") }
        return life
    }

    private var accepted: TaskLifecycle.Event {
        .verdict(.accepted(ProviderTaskID("p"), ProviderReport(.pending)), at: start)
    }
    private var running: TaskLifecycle { life(.sendingStarted(at: start), accepted) }
    private var uncertain: TaskLifecycle { life(.sendingStarted(at: start), .interrupted(at: start)) }

    private func expect(
        _ life: TaskLifecycle, _ state: PriceState, _ consumption: Int64,
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(life.record.priceState == state, sourceLocation: location)
        #expect(life.record.consumption == consumption, sourceLocation: location)
        #expect(life.record.price == 640_000, sourceLocation: location)
    }

    private func after(_ life: TaskLifecycle, _ events: TaskLifecycle.Event...) -> TaskLifecycle {
        var life = life
        for event in events { #expect(life.apply(event) != nil, "\(event)") }
        return life
    }

    @Test func `a price is reserved while the task is open and spent when it is completed`() {
        expect(life(), .reserved, 640_000)
        expect(life(.sendingStarted(at: start)), .reserved, 640_000)
        expect(running, .reserved, 640_000)
        let archiving = after(running, .reported(ProviderReport(.completed, links: ["l"]), at: start))
        expect(archiving, .reserved, 640_000)
        let completed = after(archiving, .archived([], expires: nil, at: start))
        expect(completed, .spent, 640_000)
        expect(after(completed, .contentRemoved(at: start)), .spent, 640_000)
    }

    @Test func `a submission that was certainly not billed frees the price`() {
        let reason = FailureReason(code: "generation_timeout", message: "the provider's own word")
        expect(life(.withdrawn(at: start)), .freed, 0)
        expect(life(.jobLost(at: start)), .freed, 0)
        expect(life(.sendingStarted(at: start), .verdict(.refused(reason), at: start)), .freed, 0)
        expect(after(running, .reported(ProviderReport(.failed, failure: reason), at: start)), .freed, 0)
        expect(after(running, .reported(ProviderReport(.cancelled), at: start)), .freed, 0)
        expect(after(uncertain, .settled(.dismiss, at: start)), .freed, 0)
    }

    @Test func `a price is held while nobody knows whether the submission was billed`() {
        expect(uncertain, .held, 640_000)
        expect(life(.outdated(LostReply("old"), at: start)), .held, 640_000)
        let reason = FailureReason(code: "generation_timeout", message: "m")
        let late = after(running, .gaveUp(reason, graceDeadline: start, at: start))
        expect(late, .held, 640_000)
        expect(after(late, .gracePeriodEnded(at: start)), .held, 640_000)
        expect(
            after(late, .reported(ProviderReport(.completed, links: ["l"]), at: start)), .reserved, 640_000)
        expect(after(late, .reported(ProviderReport(.failed), at: start)), .freed, 0)
        expect(after(uncertain, .settled(.adopt(ProviderTaskID("p")), at: start)), .reserved, 640_000)
    }

    @Test func `a video that the provider made is spent, also if it is lost`() {
        let lost = FailureReason(code: "result_lost", message: "m")
        let archiving = after(running, .reported(ProviderReport(.completed, links: ["l"]), at: start))
        expect(after(archiving, .gaveUp(lost, graceDeadline: nil, at: start)), .spent, 640_000)
        expect(after(running, .gaveUp(lost, graceDeadline: start, at: start)), .spent, 640_000)
    }

    @Test func `a job that is sent again costs as much again, and what may have been billed stays`() {
        let again = after(uncertain, .settled(.resubmit, at: start))
        expect(again, .reserved, 1_280_000)
        expect(after(again, .withdrawn(at: start)), .freed, 640_000)
        let twice = after(
            again, .sendingStarted(at: start), .interrupted(at: start), .settled(.resubmit, at: start))
        expect(twice, .reserved, 1_920_000)
    }

    @Test func `each submission counts for the time at which it was ordered`() {
        let day = Duration.seconds(86_400)
        let second = after(uncertain, .settled(.resubmit, at: start + day))
        #expect(second.record.consumption(since: start) == 1_280_000)
        #expect(second.record.consumption(since: start + day) == 640_000)
        #expect(second.record.consumption(since: start + day * 2) == 0)
        let third = after(
            second, .sendingStarted(at: start + day), .interrupted(at: start + day),
            .settled(.resubmit, at: start + day * 2))
        #expect(third.record.consumption(since: start + day * 2) == 640_000)
        #expect(third.record.consumption(since: start + day) == 1_920_000)
        let cancelled = after(third, .withdrawn(at: start + day * 2))
        #expect(cancelled.record.consumption(since: start + day * 2) == 0)
        let early = after(uncertain, .settled(.resubmit, at: start + .seconds(-60)))
        #expect(early.record.resubmitted == start, "a clock that went back")
    }

    @Test func `what an ended task holds can be freed, once`() {
        let again = after(uncertain, .settled(.resubmit, at: start))
        let failed = after(
            again, .sendingStarted(at: start), accepted, .reported(ProviderReport(.failed), at: start))
        let reason = FailureReason(code: "generation_timeout", message: "m")
        let timedOut = after(running, .gaveUp(reason, graceDeadline: nil, at: start))
        for life in [after(again, .withdrawn(at: start)), failed, timedOut] {
            #expect(life.record.holdsPriceAfterEnd)
            var dismissed = life
            #expect(
                dismissed.apply(.settled(.dismiss, at: start)) == nil, "by a caller that saw it uncertain")
            var freed = after(life, .heldPriceFreed(at: start))
            expect(freed, .freed, 0)
            #expect(freed.record.state == life.record.state && freed.record.failure == life.record.failure)
            #expect(freed.apply(.heldPriceFreed(at: start)) == nil)
        }
        let archiving = after(
            again, .sendingStarted(at: start), accepted,
            .reported(ProviderReport(.completed, links: ["l"]), at: start))
        let completed = after(archiving, .archived([], expires: nil, at: start))
        expect(after(completed, .heldPriceFreed(at: start)), .spent, 640_000)
        let late = after(running, .gaveUp(reason, graceDeadline: start, at: start))
        for life in [uncertain, again, archiving, late, running, life()] {
            var life = life
            #expect(life.apply(.heldPriceFreed(at: start)) == nil)
        }
    }

    @Test func `a job without a price takes nothing of a budget`() {
        let job = VideoJob(model: "m", payload: [1])
        var life = TaskLifecycle(TaskRecord(id: TaskID("t"), job: job, client: "c", created: start))
        for event: TaskLifecycle.Event in [
            .sendingStarted(at: start), .interrupted(at: start), .settled(.resubmit, at: start),
        ] {
            #expect(life.apply(event) != nil && life.record.consumption == 0)
        }
    }
}
