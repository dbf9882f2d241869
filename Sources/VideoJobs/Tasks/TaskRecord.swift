/// The complete state of one task: a row of the store.
package struct TaskRecord: Equatable, Sendable {
    package let id: TaskID
    package let created: Timestamp
    package let model: String
    package let client: String
    /// The price of one submission, in micro-dollars; `nil` if the catalog had none.
    package let price: Int64?
    /// The beginning of the job's prompt; `nil` if it has none.
    package let promptBeginning: PromptBeginning?
    /// The resolution of the video; `nil` if it is unknown.
    package let resolution: String?
    /// What the client should know about the job's deprecated model; `nil` if the model was not deprecated.
    package let deprecation: String?
    /// The trace that the task belongs to, as the gateway stores it; `nil` if there is none.
    package var trace: String?
    /// The estimated duration in seconds, learned or by the provider or the catalog; shown as
    /// `task_info.estimated_time`.
    package var estimatedSeconds: Int?

    package var state: TaskState
    /// The number of durable changes, from 1. The store saves a record only over its previous version.
    package var version: Int
    package var updated: Timestamp
    /// 0…100; never decreases while the task is open.
    package var progress: Int
    /// The provider's last status of an open task: pending or processing.
    package var providerStatus: TaskStatus
    package var providerTaskID: ProviderTaskID?
    /// When the provider accepted the job; `nil` before that and for a task that an operator adopted.
    package var accepted: Timestamp?
    /// When all results were first available.
    package var completed: Timestamp?
    /// Whether the task took longer than most earlier ones of its kind.
    package var isSlow: Bool
    /// The number of POSTs started.
    package var attempts: Int
    /// The number of failed attempts to archive the video.
    package var archiveFailures: Int
    /// Why the last attempt did not start the job; `nil` before the first attempt and once one succeeded.
    package var blockReason: BlockReason?
    /// The provider's message for `blockReason`.
    package var blockMessage: String?
    /// The provider's result links, in order. They may contain signatures: never log or return them.
    package var links: [String]
    package var results: [ArchivedResult]
    package var contentExpires: Timestamp?
    /// When content was fetched first; `nil` if nobody has fetched any.
    package var fetched: Timestamp?
    /// When the log warned that content which nobody had fetched will be removed; `nil` before that.
    package var removalWarned: Timestamp?
    /// Whether retention has removed the content.
    package var contentRemoved: Bool
    package var failure: FailureReason?
    /// The evidence of a POST whose outcome is unknown, for the operator who settles it.
    package var evidence: SubmissionEvidence?
    /// The time until which a timed-out task is still polled, or a missing result of a completed task is
    /// still requested; `nil` if neither applies.
    package var graceDeadline: Timestamp?
    /// The provider's `usage` object as JSON text, if it sent one.
    package var usage: String?
    /// What has become of `price`.
    package var priceState: PriceState
    /// Micro-dollars of earlier submissions that may have been billed, before an operator had the job sent
    /// again.
    package var earlierPrice: Int64
    /// When an operator last had the job sent again; `nil` if that never happened. `price` counts for this
    /// time, or without it for `created`.
    package var resubmitted: Timestamp?
    /// When the latest of the earlier submissions was ordered, for which `earlierPrice` counts; `nil` if
    /// there is none.
    package var earlierSubmitted: Timestamp?
    /// What a person thinks of the video of a completed task; `nil` before that.
    package var review: TaskReview?

    /// Creates the record of a newly admitted task.
    package init(id: TaskID, job: VideoJob, client: String, created: Timestamp) {
        self.id = id
        self.created = created
        self.model = job.model
        self.client = client
        self.price = job.price
        self.promptBeginning = job.promptBeginning
        self.resolution = job.resolution
        self.deprecation = job.deprecation
        self.estimatedSeconds = job.estimatedSeconds
        self.state = .queued
        self.version = 1
        self.updated = created
        self.progress = 0
        self.providerStatus = .pending
        self.attempts = 0
        self.archiveFailures = 0
        self.isSlow = false
        self.links = []
        self.results = []
        self.contentRemoved = false
        self.priceState = .reserved
        self.earlierPrice = 0
    }

    /// Creates a record from a stored row; the store then sets the other properties.
    package init(
        id: TaskID, created: Timestamp, model: String, client: String, price: Int64? = nil,
        promptBeginning: PromptBeginning? = nil, resolution: String? = nil, deprecation: String? = nil,
        state: TaskState, version: Int
    ) {
        let job = VideoJob(
            model: model, payload: [], price: price, promptBeginning: promptBeginning,
            resolution: resolution, deprecation: deprecation)
        self.init(id: id, job: job, client: client, created: created)
        self.state = state
        self.version = version
    }

    /// Whether content is here that nobody has fetched, and no warning of its removal was given.
    package var isRemovalUnnoticed: Bool { !contentRemoved && fetched == nil && removalWarned == nil }

    /// The bytes of all results.
    package var contentBytes: Int64 { results.reduce(0) { $0 &+ $1.bytes } }

    /// Whether the gateway still works on the task: it is open, timed out but still polled, or completed
    /// with a result missing.
    package var hasWorkLeft: Bool { state.isOpen || graceDeadline != nil }

    /// How long the provider and the archive took for the video; `nil` if that is unknown.
    package var duration: Duration? {
        guard let accepted, let completed, completed >= accepted else { return nil }
        return completed - accepted
    }

    /// What the task takes of the budget of a period, in micro-dollars: all that was or may have been billed
    /// of submissions that were ordered since the period's start.
    package func consumption(since start: Timestamp) -> Int64 {
        let current = (resubmitted ?? created) >= start && priceState != .freed ? price ?? 0 : 0
        return current + ((earlierSubmitted ?? created) >= start ? earlierPrice : 0)
    }

    /// What all submissions take of budgets.
    package var consumption: Int64 { earlierPrice + (priceState == .freed ? 0 : price ?? 0) }

    /// What may have been billed without anybody knowing, in micro-dollars.
    package var heldPrice: Int64 { earlierPrice + (priceState == .held ? price ?? 0 : 0) }

    /// Whether the task has ended for good and still holds a price, which an operator may free.
    package var holdsPriceAfterEnd: Bool { !hasWorkLeft && state != .uncertain && heldPrice > 0 }

    /// The status that clients see.
    package var status: TaskStatus {
        switch state {
        case .queued, .sending: .pending
        case .running: providerStatus
        case .archiving: .processing
        case .completed: .completed
        case .failed, .uncertain: .failed
        case .cancelled: .cancelled
        }
    }
}
