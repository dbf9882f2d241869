import Gateway
import VideoJobs

/// Tasks and changes for the checks.
enum Example {
    static let start = Timestamp(milliseconds: 1_757_165_031_123)
    static let payload: [UInt8] = Array(#"{"prompt":"a woman walking"}"#.utf8)

    static func id(_ number: Int) -> TaskID { TaskID("task-rg-1757165031-example\(number)") }

    /// A task that was just admitted.
    static func task(
        _ number: Int, model: String = "veo-3.1-reference-to-video", client: String = "open"
    ) -> TaskRecord {
        var record = TaskRecord(
            id: id(number),
            job: VideoJob(
                model: model, payload: payload, estimatedSeconds: 45, price: 640_000,
                promptBeginning: PromptBeginning(of: "a woman \(number)\n🎬"), resolution: "1080p",
                deprecation: "the model is \"old\" – ü"),
            client: client, created: start)
        if number % 2 == 1 { record.trace = "the trace of \(number) a=1 2" }
        return record
    }

    static func admission(_ number: Int, claim: IdempotencyClaim? = nil) -> NewTask {
        NewTask(record: task(number), payload: payload, claim: claim)
    }

    static func claim(_ key: String, client: String = "open", fingerprint: String = "aa") -> IdempotencyClaim
    {
        IdempotencyClaim(client: client, key: key, fingerprint: fingerprint)
    }

    /// Returns the change of a record to a state.
    static func change(
        of record: TaskRecord, to state: TaskState, _ edit: (inout TaskRecord) -> Void = { _ in }
    ) -> TaskChange {
        var next = record
        next.state = state
        next.version += 1
        next.updated = record.updated + .seconds(1)
        edit(&next)
        let event = TaskEventRecord(
            number: next.version, at: next.updated, name: "became \(state.rawValue)", detail: "ünïcode")
        return TaskChange(from: record, to: next, event: event)
    }

    /// Returns a record in which every field has a value that a store could easily lose.
    static func full(_ record: TaskRecord) -> TaskRecord {
        var full = record
        full.state = .completed
        full.version += 1
        full.updated = Timestamp(milliseconds: Int64.max)
        full.estimatedSeconds = 46
        full.progress = 100
        full.providerStatus = .processing
        full.providerTaskID = ProviderTaskID("task-unified-1757165031-uyujaw3d")
        full.accepted = Timestamp(milliseconds: 11)
        full.completed = Timestamp(milliseconds: 12)
        full.isSlow = true
        full.attempts = 3
        full.archiveFailures = 4
        full.blockReason = .quotaExhausted
        full.blockMessage = "HTTP 402: no \"quota\" – ü"
        full.links = ["https://cdn.example/v.mp4?sig=a%2Fb&x=\"'\\", "", "日本語\n\t\u{0}end"]
        full.results = [
            ArchivedResult(
                contentType: "video/mp4", bytes: Int64.max, sha256: String(repeating: "0f", count: 32),
                contentCredentials: true),
            ArchivedResult(contentType: "", bytes: 0, sha256: "", verified: false, fileIndex: 7),
        ]
        full.fetched = Timestamp(milliseconds: 12)
        full.removalWarned = Timestamp(milliseconds: 11)
        full.contentExpires = Timestamp(milliseconds: -1)
        full.contentRemoved = true
        full.failure = FailureReason(code: "provider_refused", message: "it's \"no\" – 🎬", httpStatus: 422)
        full.evidence = SubmissionEvidence(
            attempt: 2, sent: Timestamp(milliseconds: 5), lost: Timestamp(milliseconds: 6),
            reply: LostReply("line 1\nline 2", bytesSent: 7, status: 502, providerRequestID: "req-\u{E9}"))
        full.graceDeadline = Timestamp(milliseconds: 9)
        full.priceState = .held
        full.earlierPrice = 123_456_789_012
        full.resubmitted = Timestamp(milliseconds: Int64.max - 1)
        full.earlierSubmitted = Timestamp(milliseconds: 10)
        full.review = TaskReview(.rejected, note: "six \"fingers\" – ü")
        full.usage = #"{"credits":1.5e-7,"ü":[null,true]}"#
        return full
    }

    /// The fields that a change may set by itself, each with a function that copies it.
    static let fields: [(name: String, copy: @Sendable (TaskRecord, inout TaskRecord) -> Void)] = [
        ("estimatedSeconds", { $1.estimatedSeconds = $0.estimatedSeconds }),
        ("state", { $1.state = $0.state }),
        ("progress", { $1.progress = $0.progress }),
        ("providerStatus", { $1.providerStatus = $0.providerStatus }),
        ("providerTaskID", { $1.providerTaskID = $0.providerTaskID }),
        ("accepted", { $1.accepted = $0.accepted }),
        ("completed", { $1.completed = $0.completed }),
        ("isSlow", { $1.isSlow = $0.isSlow }),
        ("attempts", { $1.attempts = $0.attempts }),
        ("archiveFailures", { $1.archiveFailures = $0.archiveFailures }),
        ("blockReason", { $1.blockReason = $0.blockReason }),
        ("blockMessage", { $1.blockMessage = $0.blockMessage }),
        ("links", { $1.links = $0.links }),
        ("results", { $1.results = $0.results }),
        ("fetched", { $1.fetched = $0.fetched }),
        ("removalWarned", { $1.removalWarned = $0.removalWarned }),
        ("contentExpires", { $1.contentExpires = $0.contentExpires }),
        ("contentRemoved", { $1.contentRemoved = $0.contentRemoved }),
        ("failure", { $1.failure = $0.failure }),
        ("evidence", { $1.evidence = $0.evidence }),
        ("graceDeadline", { $1.graceDeadline = $0.graceDeadline }),
        ("usage", { $1.usage = $0.usage }),
        ("priceState", { $1.priceState = $0.priceState }),
        ("earlierPrice", { $1.earlierPrice = $0.earlierPrice }),
        ("resubmitted", { $1.resubmitted = $0.resubmitted }),
        ("earlierSubmitted", { $1.earlierSubmitted = $0.earlierSubmitted }),
        ("review", { $1.review = $0.review }),
    ]
}
