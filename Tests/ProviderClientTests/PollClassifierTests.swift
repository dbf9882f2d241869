import HTTPFetching
import Testing
import VideoJobs

@testable import ProviderClient

@Suite struct PollClassifierTests {
    private let id = ProviderTaskID("task-1")

    private func outcome(_ fetch: FetchOutcome) -> PollOutcome {
        let outcome = PollClassifier(key: key).outcome(of: fetch, for: id, now: november)
        expectNoKey(in: outcome)
        return outcome
    }

    @Test func `a task object is a report`() {
        let body = #"{"id":"task-1","status":"completed","progress":100,"results":[{"url":"https://v/1"}]}"#
        let report = ProviderReport(.completed, progress: 100, links: ["https://v/1"])
        #expect(outcome(.reply(200, body)) == .report(report))
        #expect(outcome(.reply(200, #"{"status":"pending"}"#)) == .report(ProviderReport(.pending)))
    }

    @Test(arguments: [
        "", "<html>", "{}", #"{"status":"success","data":{"id":"task-2","status":"completed"}}"#,
        #"{"id":"task-2","status":"completed"}"#, errorText, #"{"id":"task-1","status":"#,
        #"{"id":"task-1","status":"pending","status":"failed"}"#,
        #"{"id":"task-1","status":"completed","results":["https://v/1"],"results":["https://v/2"]}"#,
        "{\"id\":\"task-1\",\"status\":\"pending\"}\n{\"id\":\"task-1\",\"status\":\"failed\"}",
    ])
    func `a success that is not a report of this task is unavailable`(_ body: String) {
        guard case .unavailable = outcome(.reply(200, body)) else {
            Issue.record("\(body)")
            return
        }
    }

    @Test func `only the provider itself can reject the task ID or the key`() {
        let message = ": No such model"
        #expect(outcome(.reply(404, errorText)) == .notKnown(message: "HTTP 404" + message))
        for status in [401, 402, 403] {
            #expect(
                outcome(.reply(status, errorText))
                    == .credentialsRejected(message: "HTTP \(status)" + message))
        }
        for status in [401, 402, 403, 404] {
            for body in ["", "error code: 1010", "{}"] {
                let received = body.isEmpty ? "an empty body" : body
                #expect(
                    outcome(.reply(status, body))
                        == .unavailable(message: "HTTP \(status): \(received)", retryAfter: nil))
            }
        }
    }

    @Test func `every other status is unavailable, with its requested delay`() {
        for status in 100...599 where !(200...299).contains(status) {
            let fetch = FetchOutcome.reply(status, errorText, [(name: "Retry-After", value: "9")])
            #expect(
                outcome(fetch)
                    == .unavailable(message: "HTTP \(status): No such model", retryAfter: .seconds(9)))
        }
    }

    @Test func `a failed transfer is unavailable`() {
        for stage in [FetchError.Stage.beforeSending, .afterSending, .tooLarge, .cancelled] {
            let failure = FetchError(stage: stage, message: "words \(secret)")
            #expect(outcome(.failed(failure)) == .unavailable(message: "words APIKey(…)", retryAfter: nil))
        }
    }

    @Test(arguments: [
        #"{"status":"success","code":0,"data":{"id":"task-1","status":"processing"}}"#,
        #"{"id":"request-7","output":{"task_id":"task-1","task_status":"RUNNING"}}"#,
        #"{"status":"processing","result":{"id":"file-7","url":null}}"#,
        #"[{"id":"task-0","status":"failed"},{"id":"task-1","status":"running"}]"#,
        #"{"id":"task-1","status":"processing","seed":18446744073709551615,"object":"x","object":"x"}"#,
        "\u{FEFF}{\"id\":\"task-1\",\"status\":\"processing\",\"status\":\"processing\"} trailing",
    ])
    func `the task is found by its ID at any position`(_ body: String) {
        #expect(outcome(.reply(200, body)) == .report(ProviderReport(.processing)))
    }

    @Test func `an excerpt of an inconclusive reply is recorded without queries`() {
        let body = #"{"id":"task-1","status":"completed","results":["ftp://v/1?signature=abc"]}"#
        guard case .report(let report) = outcome(.reply(200, body)) else {
            Issue.record("no report")
            return
        }
        #expect(
            report.replyExcerpt?.contains("ftp://v/1?…") == true
                && report.replyExcerpt?.contains("abc") == false)
    }

    @Test func `a reply of any status may request a delay`() {
        let fields = [(name: "Retry-After", value: "4.5")]
        guard case .report(let report) = outcome(.reply(202, #"{"status":"queued"}"#, fields)) else {
            Issue.record("no report")
            return
        }
        #expect(report.retryAfter == .seconds(5))
    }
}
