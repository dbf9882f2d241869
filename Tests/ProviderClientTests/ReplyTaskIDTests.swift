import HTTPFetching
import Testing
import VideoJobs

@testable import ProviderClient

/// Task IDs in the provider's replies, and the IDs that evidence mentions.
@Suite struct ReplyTaskIDTests {
    private func verdict(_ status: Int, _ body: String) -> SubmissionVerdict {
        SubmissionClassifier(key: key).verdict(on: .reply(status, body), now: november)
    }

    private func evidence(_ status: Int, _ body: String) -> String? {
        guard case .unknown(let lost) = verdict(status, body) else { return nil }
        return lost.message
    }

    private func poll(_ body: String, of id: String) -> PollOutcome {
        PollClassifier(key: key).outcome(of: .reply(200, body), for: ProviderTaskID(id), now: november)
    }

    @Test(arguments: [
        #"{"id":42,"task_id":"task-9","status":"processing"}"#,
        #"{"id":"req-9","task_id":"task-9","status":"processing"}"#,
        #"{"id":"req-9","taskId":"task-9","status":"processing"}"#,
        #"{"data":{"id":42,"task_id":"task-9","status":"processing"}}"#,
        #"{"id":"req-9","data":{"id":"row-1","task_id":"task-9","status":"processing"}}"#,
        #"{"task_id":"task-9","data":{"id":"row-1","status":"processing"}}"#,
        #"{"id":42,"status":"processing"}"#, #"{"id":" task-9\r\n","status":"processing"}"#,
        #"{"id":"  ","status":"processing"}"#,
        #"{"id":"task-9","status":"processing","status":"PROCESSING"}"#,
        #"{"id":"task-9","status":"In-Progress","status":"in_progress"}"#,
    ])
    func `the expected ID under any name identifies the task`(_ body: String) {
        #expect(poll(body, of: "task-9") == .report(ProviderReport(.processing)))
    }

    @Test(arguments: [
        (#"{"id":"task-8","status":"completed"}"#, "task-9"),
        (#"{"id":42,"task_id":"task-8","status":"completed"}"#, "task-9"),
        (#"{"id":42,"status":"completed"}"#, "41"),
        (#"[{"id":"task-8","status":"completed"}]"#, "task-9"),
    ])
    func `another ID without the expected one is another task's report`(_ body: String, _ id: String) {
        guard case .unavailable(let message, _) = poll(body, of: id) else {
            Issue.record("\(body) is taken for a report of \(id)")
            return
        }
        #expect(message.contains("about another task"))
    }

    @Test(arguments: [#"{"id":" task-1\n"}"#, #"{"id":"\uFEFFtask-1\t"}"#, #"{"id":" ","task_id":"task-1"}"#])
    func `white space around an ID is removed`(_ body: String) {
        #expect(verdict(200, body) == .accepted(ProviderTaskID("task-1"), ProviderReport(.pending)))
    }

    @Test(arguments: [
        (500, #"{"id":"task-77","error":{"message":"db write failed"}}"#),
        (502, #"{"data":{"task_id":"task-77"},"message":"upstream"}"#),
        (500, #"<p>lost after {"id":"task-77"}</p>"#),
    ])
    func `evidence mentions the ID in an error`(_ status: Int, _ body: String) {
        #expect(evidence(status, body)?.contains("mentions task-77") == true)
    }

    @Test func `an ID that is too long is shown in full`() {
        let id = String(repeating: "x", count: 512)
        #expect(evidence(200, #"{"id":"\#(id)","note":"n"}"#)?.contains("mentions \(id)") == true)
        #expect(evidence(200, #"{"id":"y\#(id)","note":"n"}"#)?.contains("mentions") == false)
    }
}
