import Testing
import VideoJobs

@testable import Gateway

@Suite struct TaskTimingsTests {
    private func timings(_ names: [String]) -> [Int64?] {
        let events = names.enumerated().map { index, name in
            TaskEventRecord(number: index + 1, at: Timestamp(milliseconds: Int64(index)), name: name)
        }
        let timings = TaskTimings(events)
        return [timings.created, timings.sent, timings.accepted, timings.finished, timings.ended]
            .map { $0?.milliseconds }
    }

    @Test(
        arguments: [
            ([], [nil, nil, nil, nil, nil]),
            (["admitted"], [0, nil, nil, nil, nil]),
            (["admitted", "cancelled"], [0, nil, nil, nil, 1]),
            (["admitted", "sending", "failed"], [0, 1, nil, nil, 2]),
            (["admitted", "sending", "not_accepted", "sending"], [0, 3, nil, nil, nil]),
            (["admitted", "sending", "accepted", "progress", "archiving", "completed"], [0, 1, 2, 4, 5]),
            (
                ["admitted", "sending", "accepted", "archiving", "completed", "reviewed", "content_removed"],
                [0, 1, 2, 3, 4]
            ),
        ] as [([String], [Int64?])])
    func `each step has the time at which the history shows it`(_ names: [String], _ expected: [Int64?]) {
        #expect(timings(names) == expected)
    }

    @Test func `a step that is taken back does not count`() {
        #expect(timings(["admitted", "sending", "uncertain"]) == [0, 1, nil, nil, 2])
        #expect(timings(["admitted", "sending", "uncertain", "adopted"]) == [0, 1, 3, nil, nil])
        #expect(timings(["admitted", "sending", "uncertain", "dismissed"]) == [0, 1, nil, nil, 2])
        let resubmitted = ["admitted", "sending", "uncertain", "resubmitted"]
        #expect(timings(resubmitted) == [0, 1, nil, nil, nil])
        #expect(timings(resubmitted + ["sending", "accepted"]) == [0, 4, 5, nil, nil])
        #expect(timings(["admitted", "sending", "accepted", "failed", "recovered"]) == [0, 1, 2, 4, nil])
    }
}
