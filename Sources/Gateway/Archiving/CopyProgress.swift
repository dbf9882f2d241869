import VideoJobs

/// The progress of copying the results of one task in this process, each result by itself.
struct CopyProgress: Sendable {
    /// The attempts of one result.
    private struct Attempts: Sendable {
        /// Failures, without interruptions after which the copy goes on.
        var failures = 0
        /// Responses in a row that say that the link has expired.
        var deadLinks = 0
        var due: MonotonicTime
    }

    /// Failures of each missing result after which the copied ones no longer wait for it.
    static let failuresTogether = 4
    /// What an attempt must gain to be followed by the next at once: so many bytes, or this fraction of those
    /// that are missing.
    private static let gainMin: Int64 = 64 << 10
    private static let gainFraction: Int64 = 256
    private static let smallGainDelay = Duration.milliseconds(100)

    let began: MonotonicTime
    /// The task's failures before.
    private let earlierFailures: Int
    private(set) var rounds = 0
    /// Copied results that are not in the store yet, by index among the links.
    private(set) var results: [Int: ArchivedResult] = [:]
    private var attempts: [Int: Attempts] = [:]
    /// Failures of the last round.
    private var failures: [Int: ArchiveError] = [:]
    private var links: [String]
    /// When the links were first seen; after a restart, when the task last changed.
    private var received: Timestamp
    /// When the provider was last asked for other links.
    private var renewed: MonotonicTime?

    init(_ record: TaskRecord, at now: MonotonicTime) {
        began = now
        earlierFailures = record.archiveFailures
        links = record.links
        received = record.updated
    }

    /// Begins a round. Returns the results that are due, by index.
    mutating func beginRound(_ record: TaskRecord, at now: MonotonicTime) -> [Int] {
        rounds += 1
        failures = [:]
        return record.missingResults.filter { index in
            results[index] == nil && attempts[index].map { $0.due <= now } ?? true
        }
    }

    /// Returns when the link of a result expires.
    func expiry(of index: Int, lifetime: Duration) -> Timestamp {
        guard links.indices.contains(index) else { return received + lifetime }
        return LinkExpiry.time(of: links[index], received: received, lifetime: lifetime)
    }

    /// Returns when the first link of the missing results expires; `nil` if all are copied.
    func nextExpiry(of record: TaskRecord, lifetime: Duration) -> Timestamp? {
        record.missingResults.filter { results[$0] == nil }.map { expiry(of: $0, lifetime: lifetime) }.min()
    }

    mutating func record(_ result: ArchivedResult, at index: Int) { results[index] = result }

    /// Records a failure, and when the result is tried again.
    ///
    /// - Parameter delay: the delay after so many failures.
    mutating func record(
        _ failure: ArchiveError, at index: Int, now: MonotonicTime, delay: (Int) -> Duration
    ) {
        var attempt = attempts[index] ?? Attempts(due: now)
        failures[index] = failure
        if case .interrupted(_, let gained, let missing) = failure {
            // At once, unless so little came that the host would be asked too often for too little.
            let isLittle = gained < Self.gainMin && gained < (missing ?? .max) / Self.gainFraction
            attempt.due = now + (isLittle ? Self.smallGainDelay : .zero)
        } else {
            attempt.failures += 1
            attempt.due = now + delay(earlierFailures + attempt.failures)
        }
        if case .gone = failure { attempt.deadLinks += 1 } else { attempt.deadLinks = 0 }
        attempts[index] = attempt
    }

    /// The failure of the last round that counts: an expired link before any other, since it needs a fresh
    /// one.
    ///
    /// - Parameter isLate: whether interruptions count, too.
    func countedFailure(isLate: Bool) -> ArchiveError? {
        let all = failures.sorted { $0.key < $1.key }.map(\.value)
        let counted = all.filter { if case .interrupted = $0 { isLate } else { true } }
        return counted.first { if case .gone = $0 { true } else { false } } ?? counted.first
    }

    /// Whether the archive was unavailable in the last round.
    var isArchiveUnavailable: Bool {
        failures.values.contains { if case .unavailable = $0 { true } else { false } }
    }

    /// Returns whether the provider may be asked for other links now.
    mutating func beginRenewal(at now: MonotonicTime, interval: Duration) -> Bool {
        if let renewed, now - renewed < interval { return false }
        renewed = now
        return true
    }

    /// Adopts other links. A result whose link was refused for the first time is then due at once.
    mutating func follow(_ new: [String], seen time: Timestamp, at now: MonotonicTime) {
        guard new != links else { return }
        for (index, attempt) in attempts where attempt.deadLinks == 1 {
            guard new.indices.contains(index), links.indices.contains(index), new[index] != links[index]
            else { continue }
            attempts[index]?.due = now
        }
        links = new
        received = time
    }

    /// Returns when the next of the missing results is due; `nil` if all are copied.
    func nextDue(_ record: TaskRecord, at now: MonotonicTime) -> MonotonicTime? {
        record.missingResults.filter { results[$0] == nil }.map { attempts[$0]?.due ?? now }.min()
    }

    /// Returns the results to publish now; `nil` if there are none.
    ///
    /// All together once all are copied; else the copied ones, after some failures of each other one and if
    /// there is more than pictures. Videos come first, then the provider's order.
    func publishable(for record: TaskRecord) -> [ArchivedResult]? {
        let new = results.filter { index, _ in !record.results.contains { $0.fileIndex == index } }
            .values.sorted { ($0.isPicture ? 1 : 0, $0.fileIndex) < ($1.isPicture ? 1 : 0, $1.fileIndex) }
        if record.state == .completed { return new.isEmpty ? nil : new }
        let pending = record.missingResults.filter { results[$0] == nil }
        if pending.isEmpty { return new }
        let isLate = pending.allSatisfy { attempts[$0]?.failures ?? 0 >= Self.failuresTogether }
        return isLate && new.contains { !$0.isPicture } ? new : nil
    }
}

extension ArchivedResult {
    fileprivate var isPicture: Bool { contentType.hasPrefix("image/") }
}

extension TaskRecord {
    /// The indices among `links` of results that are not archived yet.
    fileprivate var missingResults: [Int] {
        let archived = Set(results.map(\.fileIndex))
        return links.indices.filter { !archived.contains($0) }
    }
}
