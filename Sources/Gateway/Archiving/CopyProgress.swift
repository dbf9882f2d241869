import VideoJobs

/// How copying the results of one task went so far, in this process: each result for itself.
struct CopyProgress: Sendable {
    /// Tries after which the results that are here no longer wait for one that is not.
    static let triesTogether = 4

    let began: MonotonicTime
    private(set) var tries = 0
    /// What is here and not yet in the store, by its place among the links.
    private(set) var results: [Int: ArchivedResult] = [:]
    /// What failed in the last try.
    private var failures: [Int: ArchiveError] = [:]

    init(began: MonotonicTime) { self.began = began }

    mutating func beginTry() {
        tries += 1
        failures = [:]
    }

    mutating func note(_ result: ArchivedResult, at index: Int) { results[index] = result }
    mutating func note(_ failure: ArchiveError, at index: Int) { failures[index] = failure }

    /// A dead link before any other failure: it calls for a fresh one.
    var firstFailure: ArchiveError? {
        let all = failures.sorted { $0.key < $1.key }.map(\.value)
        return all.first { if case .gone = $0 { true } else { false } } ?? all.first
    }

    /// The longest time that a host asked to wait in the last try.
    var retryAfter: Duration? { failures.values.compactMap(\.retryAfter).max() }

    /// Whether the last try met an archive that is not there.
    var isArchiveUnavailable: Bool {
        failures.values.contains { if case .unavailable = $0 { true } else { false } }
    }

    /// What can be published now; `nil` if nothing can.
    ///
    /// All together if all are here; else those that are, once the others have failed some times and there
    /// is more than pictures. Videos come first, then the provider's order.
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
