import Gateway
import GatewayAPI
import GatewayProtocol
import HTTPServing
import JSONText
import Testing
import VideoJobs

@Suite struct ProblemTests {
    @Test func `an invalid job is reported in both shapes of the contract`() {
        let rejection = JobValidationError.invalid([
            JobIssue(
                pointer: "/duration", code: "not_allowed", message: "duration is fixed at 8", allowed: [8]),
            JobIssue(
                pointer: "/enhance_prompt", code: "not_for_this_variant",
                message: "enhance_prompt is not for this variant", hint: "veo-3.1-reference-to-video has it"),
        ])
        #expect(
            text(Problem(rejection)) == """
                {"type":"about:blank","title":"Unprocessable Content","status":422,\
                "detail":"2 issues in the job","request_id":"req-1",\
                "errors":[{"pointer":"/duration","code":"not_allowed","message":"duration is fixed at 8",\
                "allowed":[8]},\
                {"pointer":"/enhance_prompt","code":"not_for_this_variant",\
                "message":"enhance_prompt is not for this variant",\
                "hint":"veo-3.1-reference-to-video has it"}],\
                "error":{"message":"2 issues in the job: duration is fixed at 8; \
                enhance_prompt is not for this variant","type":"invalid_request_error",\
                "code":"invalid_parameters","param":"duration"}}
                """)
    }

    @Test func `invalid JSON is reported with line and column`() {
        let problem = Problem(
            JobValidationError.malformed(JSONError(line: 3, column: 7, message: "a comma is missing")))
        #expect(
            text(problem) == """
                {"type":"about:blank","title":"Bad Request","status":400,\
                "detail":"line 3, column 7: a comma is missing","request_id":"req-1",\
                "errors":[{"pointer":"","code":"malformed_json","message":"a comma is missing",\
                "line":3,"column":7}],\
                "error":{"message":"line 3, column 7: a comma is missing","type":"invalid_request_error",\
                "code":"malformed_json","param":null}}
                """)
    }

    @Test(arguments: [
        ("/reference_image_urls/0", "reference_image_urls[0]"), ("/a~1b/c", "a/b.c"), ("/prompt", "prompt"),
    ])
    func `the first issue names the parameter`(_ pointer: String, _ name: String) {
        let problem = Problem(.unknownModel(JobIssue(pointer: pointer, code: "x", message: "m")))
        #expect(json(problem)["error"]?["param"]?.string == name)
        #expect(json(problem)["error"]?["code"]?.string == "unknown_model")
        #expect(problem.status == 422)
    }

    @Test(arguments: [
        (GatewayError.store(.full("the disk is full")), 503, "store_unavailable", true),
        (.shuttingDown, 503, "shutting_down", true),
        (.idempotencyKeyReused, 422, "idempotency_key_reused", false),
        (.queueFull, 429, "too_many_tasks", true),
        (.limited(Self.limited(.unpricedForBudget, nil)), 403, "model_not_allowed", false),
        (.limited(Self.limited(.unpricedForCeiling, nil)), 402, "spend_ceiling", false),
        (.limited(Self.limited(.jobCeiling(microdollars: 1), nil)), 402, "spend_ceiling", false),
        (.limited(Self.limited(.budget(Self.left), 60)), 402, "budget_exhausted", true),
        (.limited(Self.limited(.dayCeiling(Self.left), 60)), 402, "spend_ceiling", true),
        (.limited(Self.limited(.inFlight(max: 2), 45)), 429, "too_many_tasks", true),
        (
            .limited(Self.limited(.jobsPerDay(max: 2, resets: Self.left.resets), 60)), 429,
            "too_many_tasks", true
        ),
    ])
    func `a gateway error has its status and code`(
        _ refusal: GatewayError, _ status: Int, _ code: String, _ hasRetry: Bool
    ) {
        let problem = Problem(refusal)
        #expect(problem.status == status)
        #expect(problem.code.rawValue == code)
        #expect((response(problem)["Retry-After"] != nil) == hasRetry)
    }

    @Test(arguments: [
        (400, "Bad Request", "invalid_request_error"), (401, "Unauthorized", "authentication_error"),
        (402, "Payment Required", "insufficient_quota"), (403, "Forbidden", "permission_error"),
        (404, "Not Found", "invalid_request_error"), (405, "Method Not Allowed", "invalid_request_error"),
        (408, "Request Timeout", "invalid_request_error"), (409, "Conflict", "invalid_request_error"),
        (410, "Gone", "invalid_request_error"), (413, "Content Too Large", "invalid_request_error"),
        (415, "Unsupported Media Type", "invalid_request_error"),
        (416, "Range Not Satisfiable", "invalid_request_error"),
        (422, "Unprocessable Content", "invalid_request_error"),
        (429, "Too Many Requests", "rate_limit_error"),
        (431, "Request Header Fields Too Large", "invalid_request_error"),
        (500, "Internal Server Error", "server_error"), (501, "Not Implemented", "server_error"),
        (502, "Bad Gateway", "server_error"), (503, "Service Unavailable", "server_error"),
        (504, "Gateway Timeout", "server_error"), (505, "HTTP Version Not Supported", "server_error"),
    ])
    func `each status has its reason phrase and error type`(_ status: Int, _ title: String, _ type: String) {
        let problem = Problem(HTTPError(status: status, code: "bad_request", message: "Some text."))
        #expect(json(problem)["title"]?.string == title)
        #expect(json(problem)["error"]?["type"]?.string == type)
        #expect(json(problem)["error"]?["code"]?.string == "bad_request")
        #expect(json(problem)["detail"]?.string == "Some text.")
        #expect(response(problem).status == status)
        #expect(response(problem)["Content-Type"] == "application/problem+json")
    }

    private static let left = AdmissionLimit.Amount(
        limit: 5_000_000, left: 360_000, resets: Timestamp(milliseconds: 1_796_083_200_000))

    @Test func `a limit says what is left and when it resets, for people and for programs`() {
        let problem = Problem(Self.limited(.budget(Self.left), 6_271))
        let shown = #""limit":{"name":"budget","microdollars":5000000,"left_microdollars":360000,"#
        let price = #""resets":1796083200,"price_microdollars":640000}"#
        #expect(text(problem).contains(shown + price), "\(text(problem))")
        #expect(
            problem.detail
                == "the job costs $0.64, and $0.36 of the budget of client studio, $5.00, is left; it resets "
                + "in 1 h 45 min, at 2026-12-01T00:00:00Z")
        #expect(response(problem)["Retry-After"] == "6271" && response(problem)["x-should-retry"] == nil)
        let tasks = Problem(Self.limited(.inFlight(max: 2), 45))
        #expect(text(tasks).contains(#""limit":{"name":"in_flight","max":2}"#), "\(text(tasks))")
    }

    @Test func `each limit names the price and has advice of its own`() {
        let tiny = AdmissionLimit.Amount(limit: 500_000, left: 500_000, resets: Self.left.resets)
        let problems = [
            .unpricedForBudget, .unpricedForCeiling, .jobCeiling(microdollars: 500_000), .budget(Self.left),
            .budget(tiny), .dayCeiling(Self.left), .dayCeiling(tiny), .inFlight(max: 2),
            .jobsPerDay(max: 2, resets: Self.left.resets),
        ].map { Problem(Self.limited($0, nil)) }
        let hints = problems.compactMap(\.hint)
        #expect(hints.allSatisfy { $0.hasPrefix("Nothing was bought. ") })
        #expect(Set(hints).count == 8, "the two models without a price have the same")
        for problem in problems[2...6] { #expect(problem.detail.contains("the job costs $0.64")) }
        for problem in [problems[4], problems[6]] {
            #expect(problem.detail.hasSuffix("$0.50: it never fits"))
        }
        #expect(json(problems[2])["limit"]?["price_microdollars"]?.integer == 640_000)
        #expect(json(problems[2])["hint"]?.string == hints[2])
    }

    @Test(arguments: [
        (AdmissionLimit.inFlight(max: 1), "1 open task at once"), (.inFlight(max: 2), "2 open tasks at once"),
        (.jobsPerDay(max: 1, resets: left.resets), "1 job a day"),
        (.jobsPerDay(max: 3, resets: left.resets), "3 jobs a day"),
    ])
    func `a number agrees with its noun`(_ limit: AdmissionLimit, _ words: String) {
        #expect(Problem(Self.limited(limit, nil)).detail.contains("client studio may"))
        #expect(Problem(Self.limited(limit, nil)).detail.contains(words))
    }

    private static func limited(_ limit: AdmissionLimit, _ seconds: Int?) -> LimitedJob {
        LimitedJob(limit, client: "studio", price: 640_000, retryAfterSeconds: seconds)
    }

    @Test func `an unexpected error reveals nothing about itself`() {
        struct SecretError: Error { var key = "rg_secret" }
        let problem = Problem(SecretError())
        #expect(problem.status == 500)
        #expect(problem.code == .internalError)
        #expect(!text(problem).contains("secret"))
    }

    @Test func `once the job is durable every problem names its task and forbids another POST`() {
        let id = TaskID("task-rg-1-a")
        let response = response(Problem(GatewayError.shuttingDown).after(durable: id))
        #expect(response["x-should-retry"] == "false")
        #expect(response["Location"] == "https://gate.example/v1/tasks/task-rg-1-a")
        #expect(response.json?["task_id"]?.string == "task-rg-1-a")
    }

    private func response(_ problem: Problem) -> TestResponse {
        TestResponse(problem.response(requestID: "req-1", publicURL: "https://gate.example"))
    }

    private func text(_ problem: Problem) -> String { response(problem).text }
    private func json(_ problem: Problem) -> JSONValue { response(problem).json ?? .null }
}
