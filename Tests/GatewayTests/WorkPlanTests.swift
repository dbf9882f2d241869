import Testing
import VideoJobs

@testable import Gateway

@Suite struct WorkPlanTests {
    private let start = Timestamp(milliseconds: 0)

    private func record(_ state: TaskState, graceDeadline: Timestamp? = nil) -> TaskRecord {
        var record = TaskRecord(
            id: TaskID("a"), created: start, model: "m", client: "open", state: state, version: 1)
        record.graceDeadline = graceDeadline
        return record
    }

    @Test(arguments: [
        (TaskState.queued, WorkPlan.submit), (.sending, .nothing), (.running, .poll(.spread)),
        (.archiving, .archive), (.completed, .nothing), (.failed, .nothing), (.uncertain, .nothing),
        (.cancelled, .nothing),
    ])
    func `a recovered task needs the work of its state`(_ state: TaskState, _ plan: WorkPlan) {
        #expect(WorkPlan(for: record(state), after: nil) == plan)
    }

    @Test func `during its grace period a failed task is polled, and a completed one archived`() {
        let end = start + .seconds(9)
        let failed = record(.failed, graceDeadline: end)
        #expect(WorkPlan(for: failed, after: record(.running)) == .pollDuringGrace(until: end))
        let completed = record(.completed, graceDeadline: end)
        #expect(WorkPlan(for: completed, after: record(.archiving)) == .archive)
    }

    @Test func `an adopted task is polled at once, an accepted one after its estimate`() {
        #expect(WorkPlan(for: record(.running), after: record(.uncertain)) == .poll(.immediately))
        #expect(WorkPlan(for: record(.running), after: record(.sending)) == .poll(.afterEstimate))
    }
}
