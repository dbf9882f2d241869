import VideoJobs

/// The progress of copying the results of one task in this process, each result by itself.
struct CopyProgress: Sendable {
    /// Tries after which copied results no longer wait for a missing one.
    static let triesTogether = 4

    /// What an attempt must gain to be followed by the next at once: so many bytes, or this fraction of those
    /// that are missing.
    private static let gainMin: Int64 = 64 << 10
    private static let gainFraction: Int64 = 256
    private static let smallGainDelay = Duration.milliseconds(100)

    let began: MonotonicTime
    private(set) var tries = 0
    /// Copied results that are not in the store yet, by index among the links.
    private(set) var results: [Int: ArchivedResult] = [:]
    /// Failures of the last try.
    private var failures: [Int: ArchiveError] = [:]

    init(began: MonotonicTime) { self.began = began }

    mutating func beginTry() {
        tries += 1
        failures = [:]
    }

    /// Discounts a try that was only interrupted: it does not delay the others.
    mutating func discountTry() { tries -= 1 }

    mutating func record(_ result: ArchivedResult, at index: Int) { results[index] = result }
    mutating func record(_ failure: ArchiveError, at index: Int) { failures[index] = failure }

    /// How soon an interrupted copy is continued; `nil` if something else than an interruption failed, or
    /// nothing.
    ///
    /// At once, unless so little came that the host would be asked too often for too little.
    var continuationDelay: Duration? {
        guard !failures.isEmpty else { return nil }
        var delay = Duration.zero
        for failure in failures.values {
            guard case .interrupted(_, let gained, let missing) = failure else { return nil }
            let isLittle = gained < Self.gainMin && gained < (missing ?? .max) / Self.gainFraction
            if isLittle { delay = Self.smallGainDelay }
        }
        return delay
    }

    /// A dead link before any other failure, since it needs a fresh one.
    var firstFailure: ArchiveError? {
        let all = failures.sorted { $0.key < $1.key }.map(\.value)
        return all.first { if case .gone = $0 { true } else { false } } ?? all.first
    }

    /// The longest wait that a host asked for in the last try.
    var retryAfter: Duration? { failures.values.compactMap(\.retryAfter).max() }

    /// Whether the archive was unavailable in the last try.
    var isArchiveUnavailable: Bool {
        failures.values.contains { if case .unavailable = $0 { true } else { false } }
    }

    /// Returns the results to publish now; `nil` if there are none.
    ///
    /// All together once all are copied; else the copied ones, after some failed tries of the others and if
    /// there is more than pictures. Videos come first, then the provider's order.
    func publishable(for record: TaskRecord) -> [ArchivedResult]? {
        let new = results.filter { index, _ in !record.results.contains { $0.fileIndex == index } }
            .values.sorted { ($0.isPicture ? 1 : 0, $0.fileIndex) < ($1.isPicture ? 1 : 0, $1.fileIndex) }
        if record.state == .completed { return new.isEmpty ? nil : new }
        if failures.isEmpty { return new }
        return tries >= Self.triesTogether && new.contains { !$0.isPicture } ? new : nil
    }
}

extension ArchivedResult {
    fileprivate var isPicture: Bool { contentType.hasPrefix("image/") }
}
