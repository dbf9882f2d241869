import Synchronization
import VideoJobs

/// Detects that the store was restored from a backup, and keeps its jobs from being sent twice.
///
/// Such a store does not know the latest submissions: a job that it calls `queued` may be running. So its
/// queued tasks become `uncertain`, and submission pauses until an operator resumes it.
final class RestorationService: Sendable {
    /// More than a store commits before its mark follows. Added to the mark when a restored store is used
    /// further, so that no copy of its former state can look newer.
    private static let sequenceStep: Int64 = 1_000_000
    private static let restart =
        "not all tasks of the restored store are uncertain yet; restart the gateway, which makes them so"

    private let settings: GatewaySettings
    private let ports: GatewayPorts
    private let repository: TaskRepository
    private let submissions: SubmissionService
    private let marks: HighWaterMarks
    private let health: StoreHealth
    /// Whether a restoration is being handled while the gateway runs.
    private let isHandling = Atomic<Bool>(false)

    init(
        settings: GatewaySettings, ports: GatewayPorts, repository: TaskRepository,
        submissions: SubmissionService, marks: HighWaterMarks, health: StoreHealth
    ) {
        self.settings = settings
        self.ports = ports
        self.repository = repository
        self.submissions = submissions
        self.marks = marks
        self.health = health
    }

    /// Compares the store with the copies of its mark, and records durably that it is behind them. Returns
    /// the store's identity; submission is paused if it was restored.
    func detect() async throws(StoreError) -> StoreIdentity {
        let identity = try await ports.store.identity()
        let mark = await marks.highest(of: identity.id)
        if let mark, mark > identity.sequence {
            try await record(identity, mark)
        } else if identity.restoration == .detected {
            try await recordMarked(identity)
        }
        let current = try await ports.store.identity()
        if current.restoration != nil { submissions.queue.withLock { $0.pause() } }
        return current
    }

    /// Ends the recovery of a restored store, which then waits for an operator's resume.
    func endDetection(of identity: StoreIdentity, madeUncertain count: Int) async throws(StoreError) {
        switch identity.restoration {
        case nil: return
        case .detected:
            try await ports.store.setRestoration(.paused, raisingSequenceTo: 0)
            ports.log.error(
                .restorationPaused,
                """
                submission is paused because this store is older than what was sent: newer tasks and \
                idempotency keys are lost, and a client that repeats such a job buys it again. Settle the \
                uncertain tasks (reelgate tasks list --state uncertain), then run reelgate resume \
                --older-store
                """,
                metadata: ["made_uncertain": .number(count)])
        case .paused:
            ports.log.warning(
                .restorationPaused,
                "submission of the restored store stays paused until reelgate resume --older-store")
        }
    }

    /// Makes tasks uncertain that a restored store has as `queued`, or as `sending` by an earlier process.
    func makeUncertain(_ records: [TaskRecord]) async throws(StoreError) {
        let failure = await withTaskGroup(of: StoreError?.self) { group in
            // All at once: they share the store's group commits.
            for record in records { group.addTask { await self.makeUncertain(record) } }
            return await group.reduce(nil as StoreError?) { $0 ?? $1 }
        }
        if let failure { throw failure }
    }

    /// Makes one task uncertain. Returns why that failed, if it did.
    private func makeUncertain(_ record: TaskRecord) async -> StoreError? {
        do throws(StoreError) {
            let outcome = try await repository.apply(event(for: record), to: record.id)
            // Restored while in use: memory is newer, and only a restart reads all tasks again.
            return outcome?.changed == false ? .oneTask(Self.restart) : nil
        } catch { return error }
    }

    private func event(for record: TaskRecord) -> TaskLifecycle.Event {
        let now = ports.clock.now()
        let words = "\(RestoredStore.message): the job may have been sent at any time since the backup"
        if record.state == .sending { return .verdict(.unknown(LostReply(words)), at: now) }
        // The store knows no attempt, so the evidence has the admission in its place.
        return .outdated(LostReply("\(words); the time of sending is that of its admission"), at: now)
    }

    /// Handles a copy of the mark that turned out to be ahead of the store while the gateway runs.
    func handleMarkAhead(_ mark: Int64) async {
        guard
            isHandling.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
                .exchanged
        else { return }
        defer { isHandling.store(false, ordering: .releasing) }
        submissions.queue.withLock { $0.pause() }
        // Retried with the next write of the mark.
        guard health.failure == nil else { return }
        do {
            try await health.recordingFailures { () throws(StoreError) in
                try await record(try await ports.store.identity(), mark)
            }
            let identity = try await ports.store.identity()
            try await endDetection(of: identity, madeUncertain: try await makeQueuedUncertain())
        } catch {
            ports.log.error(
                .restorationUnrecorded,
                "submission is paused for a restored store, but the store cannot record the pause",
                metadata: ["reason": "\(error.message)"])
        }
    }

    /// Makes all queued tasks uncertain. Submissions in progress are this process's own, and end as usual.
    private func makeQueuedUncertain() async throws(StoreError) -> Int {
        var count = 0
        var tasks = try await ClaimedTasks(ports, settings)
        while let page = try await tasks.next() {
            let waiting = page.filter { $0.state == .queued }
            try await makeUncertain(waiting)
            count += waiting.count
        }
        return count
    }

    private func record(_ identity: StoreIdentity, _ mark: Int64) async throws(StoreError) {
        ports.log.error(
            .restorationDetected,
            "this store is older than what was sent: it was restored from a backup or copied",
            metadata: ["last_commit": .number(identity.sequence), "highest_seen_commit": .number(mark)])
        try await ports.store.setRestoration(.detected, raisingSequenceTo: mark + Self.sequenceStep)
    }

    /// Raises the sequence of a store that was marked when it was backed up or restored: no mark may be here,
    /// as on a new machine. Repeated by a start after a crash, which is harmless.
    private func recordMarked(_ identity: StoreIdentity) async throws(StoreError) {
        ports.log.error(
            .restorationDetected, "this store was restored from a backup, so it is older than what was sent",
            metadata: ["last_commit": .number(identity.sequence)])
        try await ports.store.setRestoration(
            .detected, raisingSequenceTo: identity.sequence + Self.sequenceStep)
    }

    /// Ends the pause of a restored store. Returns whether there was one.
    func resume(for caller: Caller) async throws(GatewayError) -> Bool {
        guard submissions.isPaused else { return false }
        var audit = AuditRecord(.resume, by: caller, at: ports.clock.now())
        audit.detail = "older store: submission was paused at commit \(ports.store.sequence)"
        let record = audit
        try await health.throwingGatewayError { () throws(StoreError) in
            guard try await ports.store.identity().restoration != .detected else {
                throw StoreError.oneTask(Self.restart)
            }
            try await ports.store.setRestoration(nil, raisingSequenceTo: 0, audit: record)
        }
        marks.noteCommit()
        guard submissions.queue.withLock({ $0.resume() }) else { return false }
        ports.log.notice(.restorationResumed, "an operator resumed submission of the restored store")
        submissions.dispatchReady()
        return true
    }
}
