import Gateway
import GatewayAPI
import Testing
import VideoJobs

@Suite struct SubmissionAnswerTests {
    @Test(arguments: [
        // state, preference → status without a problem
        (TaskState.running, SubmissionPreference.verdict, 200), (.archiving, .verdict, 200),
        (.completed, .verdict, 200), (.cancelled, .verdict, 200), (.queued, .verdict, 200),
        (.sending, .verdict, 200), (.queued, .respondAsync, 202), (.sending, .respondAsync, 202),
        (.running, .respondAsync, 202), (.completed, .respondAsync, 200), (.queued, .wait(seconds: 9), 202),
        (.running, .wait(seconds: 9), 202), (.archiving, .wait(seconds: 9), 202),
        (.completed, .wait(seconds: 9), 200), (.cancelled, .wait(seconds: 9), 200),
    ])
    func `a task that is well is shown`(_ state: TaskState, _ preference: SubmissionPreference, _ status: Int)
    {
        #expect(SubmissionAnswer(.example(state), preference) == .task(status: status))
    }

    @Test(arguments: [SubmissionPreference.verdict, .respondAsync, .wait(seconds: 9)])
    func `an unknown outcome is 504 and forbids another try`(_ preference: SubmissionPreference) throws {
        let problem = try #require(SubmissionAnswer(.example(.uncertain), preference).problem)
        #expect(problem.status == 504)
        #expect(problem.code == "outcome_unknown")
        #expect(problem.forbidsRetry)
        #expect(problem.task == TaskRecord.example(.uncertain).id)
    }

    @Test(arguments: [
        (400, 400), (413, 413), (415, 415), (422, 422), (404, 502), (402, 502), (500, 502),
    ])
    func `a refusal keeps the status where the caller can mend the job`(_ theirs: Int, _ ours: Int) throws {
        var record = TaskRecord.example(.failed)
        record.failure = FailureReason(
            code: "content_policy_violation", message: "no swords", httpStatus: theirs)
        let problem = try #require(SubmissionAnswer(record, .verdict).problem)
        #expect(problem.status == ours)
        #expect(problem.code == "provider_refused")
        #expect(problem.detail.contains("no swords"))
        #expect(problem.faults.map(\.code) == ["content_policy_violation"])
        #expect(problem.forbidsRetry)
    }

    @Test func `a generation that failed later is the task's failure and not the request's`() {
        var record = TaskRecord.example(.failed)
        record.failure = FailureReason(code: "generation_timeout", message: "too slow")
        #expect(SubmissionAnswer(record, .wait(seconds: 300)) == .task(status: 200))
    }

    @Test(arguments: [
        BlockReason.providerUnreachable, .credentialsRejected, .quotaExhausted,
    ])
    func `a job that is held is 503 with the obstacle's code`(_ obstacle: BlockReason) throws {
        var record = TaskRecord.example(.queued)
        record.blockReason = obstacle
        let problem = try #require(SubmissionAnswer(record, .verdict).problem)
        #expect(problem.status == 503)
        #expect(problem.code == obstacle.rawValue)
        #expect(problem.retryAfter != nil)
        #expect(problem.forbidsRetry)
        #expect(problem.task == record.id)
    }

    @Test(arguments: [
        BlockReason.providerUnreachable, .credentialsRejected, .quotaExhausted,
    ])
    func `a job that was refused itself tells what the provider said`(_ obstacle: BlockReason) throws {
        var record = TaskRecord.example(.queued)
        record.blockReason = obstacle
        record.blockMessage = "HTTP 503: no channel EMSG"
        let problem = try #require(SubmissionAnswer(record, .verdict).problem)
        #expect(problem.detail.contains("(HTTP 503: no channel EMSG); the job is queued as"))
        let standing = ReadinessIssue(code: obstacle.rawValue, message: "blocked", retryAfterSeconds: 7)
        let behind = try #require(SubmissionAnswer(record, .verdict, standing: [standing]).problem)
        #expect(behind.detail.contains("blocked (HTTP 503: no channel EMSG)"))
        let other = ReadinessIssue(code: "store_restored", message: "paused", retryAfterSeconds: 7)
        let paused = try #require(SubmissionAnswer(record, .verdict, standing: [other]).problem)
        #expect(!paused.detail.contains("EMSG"))
    }

    @Test func `a job behind a standing obstacle of the account is 503 although it met none itself`() throws {
        let standing = ReadinessIssue(
            code: "provider_quota_exhausted", message: "no quota", retryAfterSeconds: 77)
        let record = TaskRecord.example(.queued)
        let problem = try #require(SubmissionAnswer(record, .verdict, standing: [standing]).problem)
        #expect(problem.code == "provider_quota_exhausted")
        #expect(problem.retryAfter == 77)
        #expect(SubmissionAnswer(record, .wait(seconds: 5), standing: [standing]).problem == problem)
        #expect(SubmissionAnswer(record, .respondAsync, standing: [standing]) == .task(status: 202))
        #expect(SubmissionAnswer(.example(.running), .verdict, standing: [standing]) == .task(status: 200))
    }

    @Test func `waiting its turn is no obstacle`() {
        var record = TaskRecord.example(.queued)
        record.blockReason = .rateLimited
        #expect(SubmissionAnswer(record, .verdict) == .task(status: 200))
        let draining = ReadinessIssue(code: "shutting_down", message: "", retryAfterSeconds: 5)
        #expect(SubmissionAnswer(.example(.queued), .verdict, standing: [draining]) == .task(status: 200))
    }

    @Test func `a client that waits hears of an unreachable provider from the task`() {
        var record = TaskRecord.example(.queued)
        record.blockReason = .providerUnreachable
        #expect(SubmissionAnswer(record, .wait(seconds: 5)) == .task(status: 202))
    }

    @Test(arguments: TaskState.allCases)
    func `waiting ends with the verdict, or with the task`(_ state: TaskState) {
        let record = TaskRecord.example(state)
        #expect(SubmissionPreference.respondAsync.isSatisfied(by: record))
        #expect(
            SubmissionPreference.verdict.isSatisfied(by: record) == ![.queued, .sending].contains(state))
        #expect(SubmissionPreference.wait(seconds: 1).isSatisfied(by: record) == !state.isOpen)
    }

    @Test(arguments: [BlockReason.credentialsRejected, .quotaExhausted])
    func `nobody waits for what a person must mend`(_ obstacle: BlockReason) {
        var record = TaskRecord.example(.queued)
        record.blockReason = obstacle
        #expect(SubmissionPreference.verdict.isSatisfied(by: record))
        #expect(SubmissionPreference.wait(seconds: 1).isSatisfied(by: record))
        record.blockReason = .providerUnreachable
        #expect(!SubmissionPreference.verdict.isSatisfied(by: record))
    }
}

extension SubmissionAnswer {
    fileprivate var problem: Problem? { if case .problem(let problem) = self { problem } else { nil } }
}

extension TaskRecord {
    /// A task of a plain job in the given state.
    static func example(_ state: TaskState) -> TaskRecord {
        var record = TaskRecord(
            id: TaskID("task-rg-1757165031-k7m2q9x4w1bz"),
            job: VideoJob(model: "veo-3.1-reference-to-video", payload: [], estimatedSeconds: 45),
            client: "open", created: Timestamp(milliseconds: 1_757_165_031_000))
        record.state = state
        return record
    }
}
