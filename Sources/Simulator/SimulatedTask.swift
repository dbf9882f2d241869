import VideoJobs

/// A task of the simulated provider. Its state is a function of the time.
struct SimulatedTask: Sendable {
    /// The error of a failed generation.
    struct GenerationError: Equatable, Sendable {
        var code: String
        var message: String
    }

    /// The state of a task at a certain time.
    enum State: Equatable, Sendable {
        case pending
        case processing(progress: Int)
        case completed
        case failed(GenerationError)

        /// The value of `status`.
        var status: String {
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

    /// The lifetime of a result link by the provider's contract: 24 hours.
    static let linkLifetime: Duration = .seconds(24 * 60 * 60)
    /// The maximum length of a stored prompt, for rules that match later calls.
    static let promptLengthMax = 512

    let id: String
    let model: String
    let prompt: String
    let isPortrait: Bool
    let created: Timestamp
    let length: Duration
    /// The lifetime of its result link.
    let linkLifetime: Duration
    /// The secret that makes the result link unguessable.
    let secret: UInt64

    /// The scripted error; the task fails at its end, or immediately if it was already running.
    var failure: GenerationError?
    var failsImmediately = false
    var polls = 0
    var downloads = 0

    var ends: Timestamp { created + length }
    var linkExpires: Timestamp { Timestamp(milliseconds: (ends + linkLifetime).seconds * 1000) }

    /// Returns the state: pending for a tenth of the duration, at most two seconds, then linear progress.
    func state(at now: Timestamp) -> State {
        if let failure, failsImmediately || now >= ends { return .failed(failure) }
        if now >= ends { return .completed }
        let elapsed = (now - created).milliseconds
        let total = max(1, length.milliseconds)
        if elapsed < min(total / 10, 2000) { return .pending }
        return .processing(progress: Int(min(99, elapsed * 100 / total)))
    }

    /// Fails the task immediately, if it has not ended.
    mutating func fail(_ failure: GenerationError, at now: Timestamp) {
        switch state(at: now) {
        case .pending, .processing:
            self.failure = failure
            failsImmediately = true
        case .completed, .failed: break
        }
    }

    /// Whether the result can be downloaded.
    func isReady(at now: Timestamp) -> Bool { state(at: now) == .completed }

    /// The path and query of the result.
    var link: String { "/results/\(id).mp4?\(linkQuery)" }

    /// The query that authorizes the download.
    var linkQuery: String {
        let digits = String(secret, radix: 16)
        let signature = String(repeating: "0", count: 16 - digits.count) + digits
        return "expires=\(linkExpires.seconds)&signature=\(signature)"
    }
}
