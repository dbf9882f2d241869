import Testing

@testable import VideoJobs

@Suite struct MissingResultTests {
    private let start = Timestamp(milliseconds: 1_757_165_031_000)

    @Test func `a result that was missing at completion is added at the end, once`() {
        let job = VideoJob(model: "m", payload: [1])
        var life = TaskLifecycle(
            TaskRecord(id: TaskID("task-rg-1-a"), job: job, client: "open", created: start))
        for event: TaskLifecycle.Event in [
            .sendingStarted(at: start),
            .verdict(.accepted(ProviderTaskID("provider-1"), ProviderReport(.pending)), at: start),
            .reported(ProviderReport(.completed, links: ["a", "b"]), at: start),
            .archived([.second], expires: nil, graceDeadline: start, at: start),
        ] {
            _ = life.apply(event)
        }
        #expect(life.record.state == .completed && life.record.hasWorkLeft)
        // Fresh links replace the dead ones as long as they are as many.
        #expect(life.apply(.reported(ProviderReport(.completed, links: ["c"]), at: start)) == nil)
        _ = life.apply(.reported(ProviderReport(.completed, links: ["c", "d"]), at: start))
        #expect(life.record.links == ["c", "d"])
        var givenUp = life
        _ = givenUp.apply(.gracePeriodEnded(at: start))
        #expect(givenUp.record.results == [.second] && !givenUp.record.hasWorkLeft)
        _ = life.apply(.resultsArrived([.second, .first], at: start))
        #expect(life.record.results == [.second, .first])
        #expect(!life.record.hasWorkLeft && life.record.links.isEmpty)
    }
}

extension ArchivedResult {
    static let first = ArchivedResult(contentType: "video/mp4", bytes: 1, sha256: "00")
    static let second = ArchivedResult(contentType: "video/mp4", bytes: 1, sha256: "00", fileIndex: 1)
}
