import Testing

@testable import VideoJobs

@Suite struct TaskReviewTests {
    private func life(_ state: TaskState) -> TaskLifecycle {
        TaskLifecycle(
            TaskRecord(
                id: TaskID("task-1"), created: Timestamp(milliseconds: 1), model: "m", client: "open",
                state: state, version: 5))
    }

    @Test func `a later review replaces an earlier one, and the same again changes nothing`() {
        var life = life(.completed)
        for (number, verdict) in [TaskReview.Verdict.accepted, .rejected, .accepted].enumerated() {
            let review = TaskReview(verdict, note: "because")
            let time = Timestamp(milliseconds: 10 + Int64(number))
            let transition = life.apply(.reviewed(review, at: time))
            #expect(transition?.step == ExpectedStep("reviewed", verdict.rawValue))
            #expect(life.record.review == review)
            #expect(life.record.updated == time && life.record.version == 6 + number)
            #expect(life.record.state == .completed)
            #expect(life.apply(.reviewed(review, at: time)) == nil)
        }
        #expect(
            life.apply(.reviewed(TaskReview(.accepted), at: Timestamp(milliseconds: 20)))?.record.review?.note
                == nil)
    }

    @Test(arguments: TaskState.allCases.filter { $0 != .completed })
    func `a task that is not completed has no review`(_ state: TaskState) {
        var life = life(state)
        #expect(life.apply(.reviewed(TaskReview(.accepted), at: Timestamp(milliseconds: 9))) == nil)
        #expect(life.record.review == nil)
    }
}
