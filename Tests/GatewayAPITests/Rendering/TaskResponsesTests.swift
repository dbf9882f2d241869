import Gateway
import GatewayAPI
import Testing
import VideoJobs

@Suite struct TaskResponsesTests {
    @Test func `a queued task looks as the contract says`() {
        let task = TaskResponses(
            .example(.queued), queueStatus: QueueStatus(position: 3), publicURL: "https://gate.example")
        #expect(
            text(task) == """
                {"id":"task-rg-1757165031-k7m2q9x4w1bz","object":"video.generation.task","type":"video",\
                "created":1757165031,"model":"veo-3.1-reference-to-video","status":"pending","progress":0,\
                "task_info":{"can_cancel":true,"estimated_time":45},"results":null,"error":null,"usage":null,\
                "gateway":{"state":"queued","version":1,"provider_task_id":null,"queue_position":3,\
                "attempts":0,"updated":1757165031,"content_expires":null,"client":"open","waiting":null,\
                "evidence":null}}
                """)
        #expect(task.entityTag == #""1-q3""#)
    }

    @Test func `a task shows the beginning of its prompt`() {
        let job = VideoJob(
            model: "m", payload: [], promptBeginning: PromptBeginning(of: "A \"woman\"\nwalks"))
        let record = TaskRecord(
            id: TaskID("task-rg-1-k7m2q9x4w1bz"), job: job, client: "open",
            created: Timestamp(milliseconds: 0))
        #expect(
            text(TaskResponses(record, queueStatus: nil, publicURL: "")).contains(
                #""gateway":{"state":"queued","prompt":"A \"woman\"\nwalks","version":1,"#))
    }

    @Test func `a slow task is shown as one, and no other`() {
        var record = TaskRecord.example(.running)
        let fast = text(TaskResponses(record, queueStatus: nil, publicURL: ""))
        #expect(!fast.contains("slow"))
        record.isSlow = true
        let slow = text(TaskResponses(record, queueStatus: nil, publicURL: ""))
        #expect(slow.contains(#""client":"open","slow":true,"#))
    }

    @Test func `a removed video is shown as removed, and expires no more`() {
        var record = TaskRecord.example(.completed)
        record.contentExpires = Timestamp(milliseconds: 1_757_265_000_000)
        #expect(text(TaskResponses(record, publicURL: "")).contains(#""content_expires":1757265000,"#))
        record.contentRemoved = true
        let removed = text(TaskResponses(record, publicURL: ""))
        #expect(removed.contains(#""content_expires":null,"client":"open","content_removed":true,"#))
    }

    @Test func `a task that is held shows why, and from when it is tried again in whole seconds`() {
        let waiting = QueueStatus.Waiting(
            reason: .quotaExhausted, message: "HTTP 402: \"pay\"",
            next: Timestamp(milliseconds: 1_757_165_040_001))
        let task = TaskResponses(
            .example(.queued), queueStatus: QueueStatus(position: 1, waiting: waiting), publicURL: "")
        let shown = #""waiting":{"code":"provider_quota_exhausted","message":"HTTP 402: \"pay\"","#
        #expect(text(task).contains(shown + #""next":1757165041}"#))
        #expect(task.entityTag == #""1-q1-w1757165041""#)
        let free = QueueStatus(
            position: 1, waiting: QueueStatus.Waiting(reason: .rateLimited, message: "m"))
        #expect(
            text(TaskResponses(.example(.queued), queueStatus: free, publicURL: "")).contains(
                #""next":null}"#))
    }

    @Test func `a completed task shows its videos, its usage and when they go`() {
        var record = TaskRecord.example(.completed)
        record.version = 9
        record.updated = Timestamp(milliseconds: 1_757_165_099_999)
        record.providerTaskID = ProviderTaskID("task-unified-1")
        record.attempts = 1
        record.progress = 57
        record.results = [
            ArchivedResult(
                contentType: "video/mp4", bytes: 1234, sha256: "abc", contentCredentials: false),
            ArchivedResult(contentType: "video/mp4", bytes: 99, sha256: "def", verified: false),
        ]
        record.contentExpires = Timestamp(milliseconds: 1_757_265_000_000)
        record.links = ["https://cdn.example/secret?signature=1"]
        record.usage = #"{"credits_reserved":1.50}"#
        let task = TaskResponses(record, publicURL: "https://gate.example")
        #expect(
            text(task) == """
                {"id":"task-rg-1757165031-k7m2q9x4w1bz","object":"video.generation.task","type":"video",\
                "created":1757165031,"model":"veo-3.1-reference-to-video","status":"completed",\
                "progress":100,\
                "task_info":{"can_cancel":false,"estimated_time":45},\
                "results":[{"url":"https://gate.example/v1/tasks/task-rg-1757165031-k7m2q9x4w1bz/content",\
                "content_type":"video/mp4","bytes":1234,"sha256":"abc","verified":true,\
                "content_credentials":false},\
                {"url":"https://gate.example/v1/tasks/task-rg-1757165031-k7m2q9x4w1bz/content?index=1",\
                "content_type":"video/mp4","bytes":99,"sha256":"def","verified":false}],\
                "error":null,"usage":{"credits_reserved":1.50},\
                "gateway":{"state":"completed","version":9,"provider_task_id":"task-unified-1",\
                "queue_position":null,"attempts":1,"updated":1757165099,"content_expires":1757265000,\
                "client":"open","waiting":null,\
                "evidence":null}}
                """)
        #expect(task.entityTag == #""9""#)
    }

    @Test func `a task with a price shows it, and what became of it`() {
        let job = VideoJob(model: "m", payload: [], price: 640_000)
        var record = TaskRecord(
            id: TaskID("t"), job: job, client: "ann", created: Timestamp(milliseconds: 0))
        let shown = #""client":"ann","price":{"microdollars":640000,"state":"reserved"},"waiting""#
        #expect(text(TaskResponses(record, publicURL: "")).contains(shown))
        record.priceState = .held
        record.earlierPrice = 1_280_000
        let held = #""price":{"microdollars":640000,"state":"held","earlier_microdollars":1280000},"#
        #expect(text(TaskResponses(record, publicURL: "")).contains(held))
    }

    @Test(arguments: [
        // state, the provider's progress → what is shown
        (TaskState.sending, 0, #""status":"pending","progress":0,"#),
        (.running, 0, #""status":"processing","progress":0,"#),
        (.running, 42, #""status":"processing","progress":42,"#),
        (.running, 100, #""status":"processing","progress":99,"#),
        (.archiving, 42, #""status":"processing","progress":99,"#),
        (.completed, 42, #""status":"completed","progress":100,"#),
        (.failed, 42, #""status":"failed","progress":42,"#),
        (.uncertain, 0, #""status":"failed","progress":0,"#),
        (.cancelled, 0, #""status":"cancelled","progress":0,"#),
    ])
    func `status and progress follow the state`(_ state: TaskState, _ progress: Int, _ shown: String) {
        var record = TaskRecord.example(state)
        record.providerStatus = .processing
        record.progress = progress
        let text = text(TaskResponses(record, publicURL: ""))
        #expect(text.contains(shown))
        #expect(text.contains(#""can_cancel":false"#))
    }

    @Test func `a failure is shown in its message, and only where the task failed`() {
        var record = TaskRecord.example(.failed)
        record.failure = FailureReason(code: "content_policy_violation", message: "no \"swords\"")
        #expect(
            text(TaskResponses(record, publicURL: "")).contains(
                #""error":{"code":"content_policy_violation","message":"no \"swords\""},"#))
        let uncertain = text(TaskResponses(.example(.uncertain), publicURL: ""))
        #expect(uncertain.contains(#""error":{"code":"outcome_unknown","message":""#))
        record.state = .cancelled
        #expect(text(TaskResponses(record, publicURL: "")).contains(#""error":null"#))
    }

    @Test func `the provider's links stay inside`() {
        for state in TaskState.allCases {
            var record = TaskRecord.example(state)
            record.links = ["https://cdn.example/secret?signature=1"]
            let text = text(TaskResponses(record, publicURL: ""))
            #expect(!text.contains("secret"))
        }
    }

    @Test func `a lost reply is shown with what is known of it`() {
        var record = TaskRecord.example(.uncertain)
        record.evidence = SubmissionEvidence(
            attempt: 2, sent: Timestamp(milliseconds: 5_000), lost: Timestamp(milliseconds: 7_000),
            reply: LostReply("Cut (18)", bytesSent: 512, status: 502, providerRequestID: "r-1"))
        let shown =
            #""evidence":{"attempt":2,"sent":5,"lost":7,"bytes_sent":512,"status":502,"#
            + #""words":"Cut (18)","provider_request_id":"r-1"}"#
        #expect(text(TaskResponses(record, publicURL: "")).contains(shown))
        // Once it is settled, its history keeps it.
        record.state = .running
        #expect(text(TaskResponses(record, publicURL: "")).contains(#""evidence":null"#))
    }

    private func text(_ task: TaskResponses) -> String { String(decoding: task.json, as: UTF8.self) }
}
