import Gateway
import GatewayAPI
import GatewayProtocol
import Testing
import VideoJobs

@Suite struct SubmissionResponseTests {
    @Test(arguments: [
        // state, preference → status without a problem
        (TaskState.running, SubmissionPreference.verdict, 200), (.archiving, .verdict, 200),
        (.completed, .verdict, 200), (.cancelled, .verdict, 200), (.queued, .verdict, 200),
        (.sending, .verdict, 200), (.queued, .respondAsync, 202), (.sending, .respondAsync, 202),
        (.running, .respondAsync, 202), (.completed, .respondAsync, 200), (.queued, .wait(seconds: 9), 202),
        (.running, .wait(seconds: 9), 202), (.archiving, .wait(seconds: 9), 202),
        (.completed, .wait(seconds: 9), 200), (.cancelled, .wait(seconds: 9), 200),
    ])
    func `a task without a problem has its status`(
        _ state: TaskState, _ preference: SubmissionPreference, _ status: Int
    ) {
        #expect(SubmissionResponse(.example(state), preference) == .task(status: status))
    }

    @Test(arguments: [SubmissionPreference.verdict, .respondAsync, .wait(seconds: 9)])
    func `an unknown outcome is 504 and forbids a retry`(_ preference: SubmissionPreference) throws {
        let problem = try #require(SubmissionResponse(.example(.uncertain), preference).problem)
        #expect(problem.status == 504)
        #expect(problem.code == .outcomeUnknown)
        #expect(problem.forbidsRetry)
        #expect(problem.task == TaskRecord.example(.uncertain).id)
    }

    @Test(arguments: [
        (400, 400), (413, 413), (415, 415), (422, 422), (404, 502), (402, 502), (500, 502),
    ])
    func `a refusal keeps the status where the client can correct the job`(
        _ providers: Int, _ shown: Int
    ) throws {
        var record = TaskRecord.example(.failed)
        record.failure = FailureReason(
            code: "content_policy_violation", message: "no swords", httpStatus: providers)
        let problem = try #require(SubmissionResponse(record, .verdict).problem)
        #expect(problem.status == shown)
        #expect(problem.code == .providerRefused)
        #expect(problem.detail.contains("no swords"))
        #expect(problem.issues.map(\.code) == ["content_policy_violation"])
        #expect(problem.forbidsRetry)
    }

    @Test func `a generation that failed later is the task's failure and not the request's`() {
        var record = TaskRecord.example(.failed)
        record.failure = FailureReason(code: "generation_timeout", message: "too slow")
        #expect(SubmissionResponse(record, .wait(seconds: 300)) == .task(status: 200))
    }

    @Test(arguments: [
        BlockReason.providerUnreachable, .credentialsRejected, .quotaExhausted,
    ])
    func `a blocked job is 503 with the code of its block reason`(_ reason: BlockReason) throws {
        var record = TaskRecord.example(.queued)
        record.blockReason = reason
        let problem = try #require(SubmissionResponse(record, .verdict).problem)
        #expect(problem.status == 503)
        #expect(problem.code.rawValue == reason.rawValue)
        #expect(problem.retryAfter != nil)
        #expect(problem.forbidsRetry)
        #expect(problem.task == record.id)
    }

    @Test(arguments: [
        BlockReason.providerUnreachable, .credentialsRejected, .quotaExhausted,
    ])
    func `a job that was refused itself shows the provider's message`(_ reason: BlockReason) throws {
        var record = TaskRecord.example(.queued)
        record.blockReason = reason
        record.blockMessage = "HTTP 503: no channel EMSG"
        let problem = try #require(SubmissionResponse(record, .verdict).problem)
        #expect(problem.detail.contains("(HTTP 503: no channel EMSG); the job is queued as"))
        let current = ReadinessIssue(code: reason.rawValue, message: "blocked", retryAfterSeconds: 7)
        let behind = try #require(SubmissionResponse(record, .verdict, current: [current]).problem)
        #expect(behind.detail.contains("blocked (HTTP 503: no channel EMSG)"))
        let other = ReadinessIssue(code: "store_restored", message: "paused", retryAfterSeconds: 7)
        let paused = try #require(SubmissionResponse(record, .verdict, current: [other]).problem)
        #expect(!paused.detail.contains("EMSG"))
    }

    @Test func `a job behind a blocked account is 503 although it has no block reason itself`() throws {
        let current = ReadinessIssue(
            code: "provider_quota_exhausted", message: "no quota", retryAfterSeconds: 77)
        let record = TaskRecord.example(.queued)
        let problem = try #require(SubmissionResponse(record, .verdict, current: [current]).problem)
        #expect(problem.code == .providerQuotaExhausted)
        #expect(problem.retryAfter == 77)
        #expect(SubmissionResponse(record, .wait(seconds: 5), current: [current]).problem == problem)
        #expect(SubmissionResponse(record, .respondAsync, current: [current]) == .task(status: 202))
        #expect(SubmissionResponse(.example(.running), .verdict, current: [current]) == .task(status: 200))
    }

    @Test func `waiting for a free slot is not a problem`() {
        var record = TaskRecord.example(.queued)
        record.blockReason = .rateLimited
        #expect(SubmissionResponse(record, .verdict) == .task(status: 200))
        let draining = ReadinessIssue(code: "shutting_down", message: "", retryAfterSeconds: 5)
        #expect(SubmissionResponse(.example(.queued), .verdict, current: [draining]) == .task(status: 200))
    }

    @Test func `a waiting client learns of an unreachable provider from the task`() {
        var record = TaskRecord.example(.queued)
        record.blockReason = .providerUnreachable
        #expect(SubmissionResponse(record, .wait(seconds: 5)) == .task(status: 202))
    }

    @Test(arguments: TaskState.allCases)
    func `waiting ends with the verdict, or with the end of the task`(_ state: TaskState) {
        let record = TaskRecord.example(state)
        #expect(SubmissionPreference.respondAsync.isSatisfied(by: record))
        #expect(
            SubmissionPreference.verdict.isSatisfied(by: record) == ![.queued, .sending].contains(state))
        #expect(SubmissionPreference.wait(seconds: 1).isSatisfied(by: record) == !state.isOpen)
    }

    @Test(arguments: [BlockReason.credentialsRejected, .quotaExhausted])
    func `no client waits for a person`(_ reason: BlockReason) {
        var record = TaskRecord.example(.queued)
        record.blockReason = reason
        #expect(SubmissionPreference.verdict.isSatisfied(by: record))
        #expect(SubmissionPreference.wait(seconds: 1).isSatisfied(by: record))
        record.blockReason = .providerUnreachable
        #expect(!SubmissionPreference.verdict.isSatisfied(by: record))
    }
}

extension SubmissionResponse {
    fileprivate var problem: Problem? { if case .problem(let problem) = self { problem } else { nil } }
}

extension TaskRecord {
    /// A task in the given state.
    static func example(_ state: TaskState) -> TaskRecord {
        var record = TaskRecord(
            id: TaskID("task-rg-1757165031-k7m2q9x4w1bz"),
            job: VideoJob(model: "veo-3.1-reference-to-video", payload: [], estimatedSeconds: 45),
            client: "open", created: Timestamp(milliseconds: 1_757_165_031_000))
        record.state = state
        return record
    }
}
