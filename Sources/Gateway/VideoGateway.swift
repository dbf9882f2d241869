import CrashPoints
import Logging
import Synchronization
import VideoJobs

/// The gateway, whatever speaks to it: takes jobs, answers for tasks, and keeps its background work going.
///
/// Four kinds of work run beside the callers: submissions, polls, copies and retention. Each is told by
/// `perform(_:for:)` what a durable change calls for; none of them knows another.
package final class VideoGateway: Sendable {
    let settings: GatewaySettings
    let ports: GatewayPorts
    let cache: StatusCache
    let journal: TaskJournal
    let health: StoreHealth
    let archiveHealth: ArchiveHealth
    let marks: HighWaterMarks
    /// Whether a restored store is being dealt with while the gateway runs.
    let restoring = Atomic<Bool>(false)
    let queue: Mutex<SubmissionQueue>
    let queueAlarm: ReschedulableTimer
    let submissions = InFlight()
    /// What operators are adopting at this moment.
    let adopting = Mutex<Set<ProviderTaskID>>([])
    let poller: Worker
    let courses = Mutex<[TaskID: PollProgress]>([:])
    let archivist: Worker
    let copies = Mutex<[TaskID: CopyProgress]>([:])
    let retentionAlarm: ReschedulableTimer
    /// Looks for saves whose answer was lost.
    private let search: Worker
    /// Wall time that does not jump.
    let steadyTime: SteadyTime
    private let stopping = Atomic<Bool>(false)
    private let closing = Atomic<Bool>(false)

    /// - Parameter observers: receive every published record, recovered ones included.
    package init(settings: GatewaySettings, ports: GatewayPorts, observers: [any TaskObserver] = []) {
        self.settings = settings
        self.ports = ports
        self.steadyTime = SteadyTime(ports.clock)
        self.cache = StatusCache(endedMax: settings.endedCacheMax, observers: observers)
        self.health = StoreHealth(ports: ports, settings: settings)
        self.archiveHealth = ArchiveHealth(ports: ports, settings: settings)
        self.marks = HighWaterMarks(ports: ports, settings: settings)
        self.search = Worker(limit: 4, ports: ports)
        self.journal = TaskJournal(
            ports: ports, cache: cache, health: health, marks: marks, search: search)
        self.queue = Mutex(SubmissionQueue(limit: settings.maxInFlight))
        self.queueAlarm = ReschedulableTimer(ports: ports)
        self.poller = Worker(limit: settings.pollsInFlight, ports: ports)
        self.archivist = Worker(limit: settings.copiesInFlight, ports: ports)
        self.retentionAlarm = ReschedulableTimer(ports: ports)
    }

    /// Takes up what the store holds, then begins to work. Throws if the store cannot be read.
    package func start() async throws(StoreError) {
        reached(.recoveryBegun)
        let identity = try await detectRestoration()
        if identity.restoration != nil { queue.withLock { $0.pause() } }
        let outdated = try await recover(isOutdated: identity.restoration == .detected)
        try await endDetection(of: identity, madeUncertain: outdated)
        reached(.recoveryEnded)
        try await archiveHealth.start()
        marks.start(for: identity.id) { [weak self] mark in await self?.foundMarkAhead(mark) }
        poller.start { [weak self] in await self?.poll($0) }
        archivist.start { [weak self] in await self?.archive($0) }
        search.start { [weak self] in await self?.reconcileUnconfirmedWrite($0) }
        scheduleRetention(after: settings.retentionInterval)
        health.start()
        pump()
    }

    /// Sends no further jobs, and lets go of those who wait for a change. A job that still comes is made
    /// durable, and sent after the next start.
    package func beginStopping() {
        stopping.store(true, ordering: .relaxed)
        queue.withLock { $0.stop() }
        queueAlarm.stop()
        retentionAlarm.stop()
        cache.endWaits()
    }

    /// Lets what is on its way end within the bound, and closes the store.
    package func stop(within bound: Duration) async {
        beginStopping()
        closing.store(true, ordering: .relaxed)
        let deadline = ports.clock.monotonic() + bound
        await submissions.drained(by: deadline, ports: ports)
        await poller.stop(by: deadline)
        await archivist.stop(by: deadline)
        await search.stop(by: deadline)
        health.stop()
        archiveHealth.stop()
        // Before the store is another gateway's.
        await marks.stop(by: deadline)
        await ports.store.close()
    }

    var isStopping: Bool { stopping.load(ordering: .relaxed) }
    /// Whether the store is about to close.
    var isClosing: Bool { closing.load(ordering: .relaxed) }

    /// Hands what a durable change calls for to whoever does it. The only place where the kinds of work meet.
    func perform(_ effects: [TaskLifecycle.Effect], for record: TaskRecord) {
        noteOccupation(by: record)
        for effect in effects {
            switch effect {
            case .save: break  // The journal did it.
            case .submit: requeue(record)
            case .poll: poller.plan(record.id, after: firstPollDelay(record))
            case .archive:
                reached(.archivingDurable)
                archivist.plan(record.id, after: archiveDelay(record))
            }
        }
        pump()
    }

    /// Takes a task back into the queue, unless whoever ended its submission has done so.
    private func requeue(_ record: TaskRecord) {
        queue.withLock { queue in
            guard cache.record(record.id.text)?.version == record.version else { return }
            queue.enqueueAgain(record.id)
        }
    }

    /// Does what a save calls for of which nobody heard that it was done. Returns when to look again.
    private func reconcileUnconfirmedWrite(_ id: TaskID) async -> MonotonicTime? {
        do {
            if let found = try await journal.confirm(id) { perform(found.effects, for: found.record) }
            return nil
        } catch {
            return ports.clock.monotonic() + .seconds(2)
        }
    }

    /// Counts whether a task has a place at the provider, unless a newer change has already said so: a task
    /// can be settled and sent again before the submission that was lost has put down its place.
    private func noteOccupation(by record: TaskRecord) {
        queue.withLock { queue in
            if let newest = cache.record(record.id.text), newest.version > record.version { return }
            if record.state.occupiesProvider {
                queue.occupy(record.id)
            } else if record.state != .queued {
                // One that waits may be about to be sent, and then has its place already.
                queue.release(record.id)
            }
        }
    }

    /// Resumes unfinished tasks in admission order: `sending` becomes `uncertain`, all else goes on. In a
    /// store that is older than what was sent, `queued` becomes `uncertain` too; returns how many did.
    private func recover(isOutdated: Bool) async throws(StoreError) -> Int {
        var last: TaskID?
        var outdated = 0
        while true {
            let page = try await ports.store.tasksWithWork(after: last, limit: 1000)
            let unsent = isOutdated ? page.filter { $0.state == .queued || $0.state == .sending } : []
            try await makeUncertain(unsent)
            outdated += unsent.count
            let ids = Set(unsent.map(\.id))
            for record in page where !ids.contains(record.id) { try await takeUp(record) }
            guard let end = page.last else { return outdated }
            last = end.id
        }
    }

    private func takeUp(_ record: TaskRecord) async throws(StoreError) {
        cache.publish(record)
        switch record.state {
        case .queued:
            queue.withLock { $0.enqueue(record.id, payload: nil) }
        case .sending:
            _ = try await journal.apply(.interrupted(at: ports.clock.now()), to: record.id)
            reached(.interruptionDurable)
        case .running:
            queue.withLock { $0.occupy(record.id) }
            // Spread, so that a restart with many tasks does not ask for all of them in one moment.
            poller.plan(record.id, after: settings.poll.interval * ports.jitter())
        case .archiving:
            archivist.plan(record.id, after: .zero)
        case .completed:
            // A result is missing still.
            if record.graceDeadline != nil { archivist.plan(record.id, after: .zero) }
        case .failed, .uncertain, .cancelled:
            if let time = record.graceDeadline { pollDuringGrace(record, until: time) }
        }
    }
}
