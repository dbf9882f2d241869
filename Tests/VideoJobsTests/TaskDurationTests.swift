import Testing
import VideoJobs

@Suite struct TaskDurationTests {
    private let start = Timestamp(milliseconds: 1_757_165_031_000)

    @Test func `a task knows when it was accepted and completed, and that it is slow`() {
        var life = TaskLifecycle(
            TaskRecord(
                id: TaskID("task-rg-1-a"), job: VideoJob(model: "m", payload: [1]), client: "open",
                created: start))
        #expect(life.record.accepted == nil)
        #expect(life.apply(.foundSlow(at: start)) == nil)
        _ = life.apply(.sendingStarted(at: start))
        _ = life.apply(.verdict(.accepted(ProviderTaskID("p"), ProviderReport(.pending)), at: start))
        #expect(life.record.accepted == start)
        #expect(life.apply(.foundSlow(at: start + .seconds(1)))?.step == ExpectedStep("slow", nil))
        #expect(life.record.isSlow)
        #expect(life.apply(.foundSlow(at: start + .seconds(2))) == nil)
        _ = life.apply(
            .reported(ProviderReport(.completed, links: ["l"]), at: start + .seconds(3)))
        #expect(life.record.duration == nil)
        _ = life.apply(.archived([], expires: nil, at: start + .seconds(4)))
        #expect(life.record.duration == .seconds(4))
        #expect(life.record.isSlow)
        _ = life.apply(.contentRemoved(at: start + .seconds(9)))
        #expect(life.record.duration == .seconds(4))
        #expect(life.apply(.foundSlow(at: start + .seconds(9))) == nil)
    }
}
