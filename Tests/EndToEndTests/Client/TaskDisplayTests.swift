import ArgumentParser
import HTTPFetching
import JSONText
import Testing

@testable import Reelgate

/// The text that commands print for tasks and errors.
@Suite struct TaskDisplayTests {
    private func report(
        _ state: String, _ status: String, error: JSONValue = nil, position: Int64? = nil
    ) throws -> TaskReport {
        let json = ExampleTask.task(state: state, status: status, position: position, error: error)
        return try #require(TaskReport(json))
    }

    @Test func `a table has aligned columns and no trailing space`() throws {
        let tasks = [
            try report("queued", "pending", position: 12),
            try report("failed", "failed", error: ["code": "service_error", "message": "m"]),
        ]
        #expect(
            TaskTable.lines(tasks, now: ExampleTask.created + 7200) == [
                "TASK                             STATE       DONE  AGE  MODEL                       ERROR",
                "task-rg-1757165031-k7m2q9x4w1bz  queued #12  42%   2h   veo-3.1-reference-to-video",
                "task-rg-1757165031-k7m2q9x4w1bz  failed      42%   2h   veo-3.1-reference-to-video"
                    + "  service_error",
            ])
    }

    @Test func `a table has the clients, and the beginning of each prompt on one line`() throws {
        var task = try #require(ExampleTask.task(state: "running", status: "processing").object)
        var gateway = try #require(task["gateway"]?.object)
        gateway["client"] = "studio"
        gateway["prompt"] = .string("A woman\nwalks " + String(repeating: "x", count: 40))
        task["gateway"] = .object(gateway)
        let report = try #require(TaskReport(.object(task)))
        let lines = TaskTable.lines([report, try self.report("queued", "pending")], now: ExampleTask.created)
        #expect(lines[0].hasSuffix("CLIENT  MODEL                       ERROR  PROMPT"), "\(lines)")
        #expect(
            lines[1].hasSuffix(
                "veo-3.1-reference-to-video         A woman walks \(String(repeating: "x", count: 25))…"))
        #expect(lines[1].contains("  0s   studio  ") && !lines[2].contains("studio"))
        let details = TaskTable.details(report)
        #expect(details.contains("client    studio"), "\(details)")
        #expect(details.contains("created   2025-09-06T13:23:51Z"))
        #expect(details.contains { $0.hasPrefix("prompt    A woman walks xxx") })
    }

    @Test(arguments: [
        (-3, "0s"), (59, "59s"), (60, "1m"), (3599, "59m"), (86399, "23h"), (86400 * 40, "40d"),
    ])
    func `an age is printed in its largest unit`(_ seconds: Int64, _ text: String) {
        #expect(TaskTable.age(seconds) == text)
    }

    @Test func `a task that ends without a video is a failure with a remedy`() throws {
        #expect(try report("running", "processing").failure == nil)
        #expect(try report("completed", "completed").failure == nil)
        #expect(try report("cancelled", "cancelled").failure?.status == .failed)
        let refused = try report(
            "failed", "failed", error: ["code": "content_policy_violation", "message": "no swords"])
        #expect(refused.failure?.what == "task \(ExampleTask.id) failed: content_policy_violation: no swords")
        let lost = try report("uncertain", "failed", error: ["code": "outcome_unknown", "message": "lost"])
        #expect(lost.failure?.remedy?.contains("Do not send the job again") == true)
    }

    @Test func `an uncertain task is printed with its evidence`() throws {
        var task = try #require(ExampleTask.task(state: "uncertain", status: "failed").object)
        var gateway = try #require(task["gateway"]?.object)
        gateway["evidence"] = [
            "attempt": 2, "sent": .integer(ExampleTask.created), "lost": .integer(ExampleTask.created + 60),
            "bytes_sent": 412, "status": 502, "words": "bad\u{1B}[2J gateway", "provider_request_id": "r-9",
        ]
        task["gateway"] = .object(gateway)
        let report = try #require(TaskReport(.object(task)))
        let note = "  sent 2025-09-06T13:23:51Z, attempt 2, 412 bytes written: HTTP 502; bad [2J gateway"
        #expect(TaskTable.lines([report], now: ExampleTask.created).last == note)
        let details = TaskTable.details(report)
        #expect(details.contains { $0.hasPrefix("provider's request") && $0.hasSuffix("  r-9") })
        #expect(details.contains { $0.hasPrefix("reply lost") && $0.hasSuffix("2025-09-06T13:24:51Z") })
        #expect(details.contains("  reelgate tasks adopt \(ExampleTask.id) PROVIDER_TASK_ID"))
    }

    @Test func `a delayed task is printed with its reason and time`() throws {
        var task = try #require(ExampleTask.task(state: "queued", status: "pending", position: 1).object)
        var gateway = try #require(task["gateway"]?.object)
        gateway["waiting"] = [
            "code": "provider_quota_exhausted", "message": "HTTP 402: no\u{1B}[2J quota",
            "next": .integer(ExampleTask.created + 60),
        ]
        task["gateway"] = .object(gateway)
        let details = TaskTable.details(try #require(TaskReport(.object(task))))
        #expect(
            details.contains {
                $0.hasPrefix("waits ") && $0.hasSuffix("  provider_quota_exhausted: HTTP 402: no [2J quota")
            })
        #expect(details.contains { $0.hasPrefix("next try ") && $0.hasSuffix("  2025-09-06T13:24:51Z") })
        gateway["waiting"] = nil
        task["gateway"] = .object(gateway)
        let free = TaskTable.details(try #require(TaskReport(.object(task))))
        #expect(!free.contains { $0.hasPrefix("waits") })
    }

    @Test(arguments: [
        ("not_uncertain", "reelgate tasks show task-rg-1"), ("provider_task_taken", "Look at the id again"),
        ("unknown_provider_task", "dismiss"),
    ])
    func `a failed settlement is printed with a remedy`(_ code: String, _ message: String) {
        let failure = problem(409, #"{"detail":"d","task_id":"task-rg-1","error":{"code":"\#(code)"}}"#)
            .commandError
        #expect(failure.remedy?.contains(message) == true)
        #expect(failure.description.split(separator: "\n").count == 2)
    }

    @Test func `every issue of a job has a line with its location and hint`() {
        let problem = problem(
            422,
            """
            {"status":422,"detail":"2 issues in the job","error":{"code":"invalid_parameters"},
             "errors":[{"pointer":"/duration","code":"not_allowed","message":"duration is fixed at 8"},
                       {"pointer":"/aspect-ratio","message":"there is no such field",
                        "hint":"did you mean aspect_ratio?"}]}
            """)
        #expect(
            problem.commandError.what == """
                2 issues in the job (422 invalid_parameters)
                  /duration: duration is fixed at 8
                  /aspect-ratio: there is no such field (did you mean aspect_ratio?)
                """)
        #expect(problem.commandError.status == .failed)
    }

    @Test func `an accepted job is not to be submitted again`() {
        let kept = problem(
            503, #"{"detail":"d","task_id":"task-rg-1","error":{"code":"provider_unreachable"}}"#)
        #expect(kept.commandError.remedy?.contains("reelgate tasks wait task-rg-1") == true)
        let lost = problem(504, #"{"detail":"d","task_id":"task-rg-1","error":{"code":"outcome_unknown"}}"#)
        #expect(lost.commandError.remedy?.hasPrefix("Do not send the job again") == true)
    }

    @Test(arguments: ["", "<html>", "[]", #"{"error":{"code":"invalid_api_key","message":"m"}}"#])
    func `the response of another server is not taken for a gateway's`(_ body: String) {
        let failure = problem(401, body).commandError
        #expect(failure.what == "the response does not come from a gateway (401 unknown)")
        #expect(failure.remedy?.contains("--gateway") == true)
    }

    private func problem(_ status: Int, _ body: String) -> GatewayProblem {
        GatewayProblem(FetchResponse(status: status, body: Array(body.utf8)))
    }
}
