import GatewayProtocol
import JSONText
import VideoJobs

/// A task's JSON document, as far as the commands use it.
struct TaskReport: Equatable, Sendable {
    /// The whole document, for readers of JSON. The other properties can be shown on a terminal.
    let json: JSONValue
    let id: String
    let model: String
    /// The name of the client that the task belongs to.
    let client: String
    /// The beginning of the prompt; `nil` from a gateway that does not send it.
    let prompt: String?
    /// A newer gateway may use further values than `TaskStatus` has.
    let status: String
    /// The member `gateway.state`.
    let state: String
    let progress: Int
    /// Seconds since 1970.
    let created: Int64
    /// The last change, in seconds since 1970.
    let updated: Int64
    let queuePosition: Int64?
    /// In seconds; `nil` if it is unknown.
    let estimatedSeconds: Int64?
    /// Whether it takes longer than most.
    let isSlow: Bool
    let errorCode: String?
    let errorMessage: String?
    let videos: [VideoReport]
    /// Whether retention has removed the videos.
    let isContentRemoved: Bool
    /// What the gateway says of the job's deprecated model.
    let deprecations: [String]
    /// Why the gateway waits before it goes on with the task; `nil` if it does not.
    let waitingReason: String?
    /// Of an uncertain task.
    let evidence: EvidenceReport?

    /// `nil` if the document is not a task.
    init?(_ json: JSONValue) {
        guard let id = json[TaskMember.id]?.string, let status = json[TaskMember.status]?.string,
            let gateway = json[TaskMember.gateway], let state = gateway[TaskMember.state]?.string
        else { return nil }
        self.json = json
        self.id = PrintableText.line(id)
        self.status = status
        self.state = PrintableText.line(state)
        model = PrintableText.line(json[TaskMember.model]?.string ?? "")
        client = PrintableText.line(gateway[TaskMember.client]?.string ?? "")
        prompt = gateway[TaskMember.prompt]?.string
        progress = Int(clamping: json[TaskMember.progress]?.integer ?? 0)
        created = Self.seconds(json[TaskMember.created])
        updated = Self.seconds(gateway[TaskMember.updated])
        queuePosition = gateway[TaskMember.queuePosition]?.integer
        estimatedSeconds = json[TaskMember.taskInfo]?[TaskMember.estimatedTime]?.integer
        isSlow = gateway[TaskMember.slow]?.bool ?? false
        errorCode = json[TaskMember.error]?[TaskMember.code]?.string.map(PrintableText.line)
        errorMessage = json[TaskMember.error]?[TaskMember.message]?.string.map(PrintableText.line)
        videos = (json[TaskMember.results]?.array ?? []).compactMap(VideoReport.init)
        isContentRemoved = gateway[TaskMember.contentRemoved]?.bool ?? false
        deprecations = (gateway[TaskMember.warnings]?.array ?? [])
            .filter { $0[TaskMember.code]?.string == Self.deprecation }
            .compactMap { $0[TaskMember.message]?.string.map(PrintableText.line) }
        waitingReason = gateway[TaskMember.waiting]?[TaskMember.message]?.string.map(PrintableText.line)
        evidence = gateway[TaskMember.evidence].flatMap(EvidenceReport.init)
    }

    /// Reads an event of a stream; `nil` if it is about no task. Throws if the gateway sent no task.
    init?(_ event: ServerSentEventParser.Event) throws {
        guard event.name == Self.eventName else { return nil }
        let json = try? JSONValue(parsing: Array(event.data.utf8), limits: GatewayClient.limits)
        guard let report = json.flatMap(TaskReport.init) else {
            throw CommandError("the gateway sent an event that is no task")
        }
        self = report
    }

    /// Returns a time within the years 1970 to 9999, so that computing with it cannot overflow.
    private static func seconds(_ value: JSONValue?) -> Int64 {
        min(max(0, value?.integer ?? 0), 253_402_300_799)
    }

    private static let eventName = "task"
    private static let deprecation = "model_deprecated"

    /// Whether it can still change by itself.
    var isOpen: Bool { [TaskStatus.pending.rawValue, TaskStatus.processing.rawValue].contains(status) }

    var isCompleted: Bool { status == TaskStatus.completed.rawValue }

    var isUncertain: Bool { state == TaskState.uncertain.rawValue }

    /// Returns the seconds from its creation to its end, or to `now` while it is open.
    func age(now: Int64) -> Int64 { max(0, (isOpen ? now : updated) - created) }

    var line: String { String(decoding: json.serialized(), as: UTF8.self) }

    /// Why there is no video; `nil` if there is one, or may yet be.
    var failure: CommandError? {
        if isOpen || isCompleted { return nil }
        if status == TaskStatus.cancelled.rawValue {
            return CommandError("task \(id) was cancelled before it was sent; it cost nothing")
        }
        let message = [errorCode, errorMessage].compactMap(\.self).joined(separator: ": ")
        return CommandError(
            "task \(id) failed: \(message)", remedy: TaskErrorCode.remedy(for: errorCode, task: id))
    }
}
