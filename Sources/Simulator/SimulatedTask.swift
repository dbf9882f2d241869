import JSONText
import VideoJobs

/// A task at the provider: where it stands follows from the time alone.
struct SimulatedTask: Sendable {
    /// Why a generation fails.
    struct Failure: Equatable, Sendable {
        var code: String
        var message: String
    }

    enum Standing: Equatable, Sendable {
        case pending
        case processing(progress: Int)
        case completed
        case failed(Failure)

        var word: String {
            switch self {
            case .pending: "pending"
            case .processing: "processing"
            case .completed: "completed"
            case .failed: "failed"
            }
        }

        var progress: Int {
            switch self {
            case .pending, .failed: 0
            case .processing(let progress): progress
            case .completed: 100
            }
        }
    }

    /// How long a result link lives (provider's contract): 24 hours.
    static let linkLife: Duration = .seconds(24 * 60 * 60)
    /// The part of a prompt that is kept, for rules that look at it later.
    static let promptKept = 512

    let id: String
    let model: String
    let prompt: String
    let isPortrait: Bool
    let created: Timestamp
    let length: Duration
    /// What makes the result link hard to guess.
    let secret: UInt64

    /// Set when a script wants it to fail; then it fails at its end, or at once if it was already under way.
    var failure: Failure?
    var failsAtOnce = false
    var polls = 0
    var downloads = 0

    var ends: Timestamp { created + length }
    var linkExpires: Timestamp { Timestamp(milliseconds: (ends + Self.linkLife).seconds * 1000) }

    /// Waits for a tenth of its time, at most two seconds, then grows evenly.
    func standing(at now: Timestamp) -> Standing {
        if let failure, failsAtOnce || now >= ends { return .failed(failure) }
        if now >= ends { return .completed }
        let elapsed = (now - created).milliseconds
        let total = max(1, length.milliseconds)
        if elapsed < min(total / 10, 2000) { return .pending }
        return .processing(progress: Int(min(99, elapsed * 100 / total)))
    }

    /// Fails now, if it has not ended.
    mutating func fail(_ failure: Failure, at now: Timestamp) {
        switch standing(at: now) {
        case .pending, .processing:
            self.failure = failure
            failsAtOnce = true
        case .completed, .failed: break
        }
    }

    /// Whether the result is there to be fetched.
    func isReady(at now: Timestamp) -> Bool { standing(at: now) == .completed }

    /// The path and query under which the result is served.
    var link: String { "/results/\(id).mp4?\(linkQuery)" }

    /// The part of the link that lets one in.
    var linkQuery: String {
        let digits = String(secret, radix: 16)
        let signature = String(repeating: "0", count: 16 - digits.count) + digits
        return "expires=\(linkExpires.seconds)&signature=\(signature)"
    }
}

/// The provider's JSON of a task.
struct SimulatedReport: Sendable {
    var task: SimulatedTask
    var now: Timestamp
    /// How links begin: `http://127.0.0.1:8032`.
    var origin: String
    /// A word of a script instead of the true status.
    var status: String?
    /// Whether `completed` comes before the results do: a race that public clients have seen.
    var lacksResults = false

    var json: [UInt8] {
        let standing = lacksResults ? .completed : task.standing(at: now)
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.name("created")
        writer.integer(task.created.seconds)
        writer.member("id", task.id)
        writer.member("model", task.model)
        writer.member("object", "video.generation.task")
        writer.name("progress")
        writer.integer(lacksResults ? 50 : standing.progress)
        writer.member("status", status ?? standing.word)
        writeInfo(standing, to: &writer)
        writer.member("type", "video")
        writeEnd(standing, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private func writeInfo(_ standing: SimulatedTask.Standing, to writer: inout JSONWriter) {
        writer.name("task_info")
        writer.beginObject()
        writer.name("can_cancel")
        writer.bool(standing == .pending)
        writer.name("estimated_time")
        writer.integer((task.length.milliseconds + 999) / 1000)
        writer.endObject()
    }

    private func writeEnd(_ standing: SimulatedTask.Standing, to writer: inout JSONWriter) {
        switch standing {
        case .pending, .processing:
            break
        case .completed:
            writer.name("results")
            if lacksResults || status != nil {
                writer.null()
            } else {
                writer.write([["url": .string(origin + task.link)]])
            }
        case .failed(let failure):
            writer.name("error")
            writer.write(["code": .string(failure.code), "message": .string(failure.message)])
        }
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }
}
