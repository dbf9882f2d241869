import Synchronization
import VideoJobs

/// Reports to people that submission is halted, or that a budget is nearly used up: once for each halt, and
/// once for each period of a budget and each rise of it.
///
/// Level-triggered: what holds is compared with the marks of the store, which are written with the notices.
/// So nothing is reported twice, and what a crash kept from being reported is when it is seen again.
final class NoticeService: Sendable {
    /// Between attempts of a store call.
    private static let storeRetryDelay: Duration = .seconds(5)
    /// Between looks without an event: a restored store pauses submission without one.
    private static let lookInterval: Duration = .seconds(30)
    private static let idleInterval: Duration = .seconds(3_600)

    private struct State {
        /// What was reported; `nil` until it was read.
        var marks: [String: NoticeMark]?
        /// The halts that hold, with their marks.
        var halts: [SubmissionHalt: NoticeMark] = [:]
        /// The halts that were seen to have ended.
        var ended: Set<SubmissionHalt> = []
        /// Clients who may have used more of their budgets.
        var spenders: Set<String> = []
        var wakeup: AsyncEvent?
    }

    private let ports: GatewayPorts
    private let health: StoreHealth
    private let clients: ClientRegistry
    private let spending: SpendingPolicy
    private let submissions: SubmissionService
    private let deliveries: DeliveryService
    private let state = Mutex(State())

    init(
        ports: GatewayPorts, health: StoreHealth, clients: ClientRegistry, spending: SpendingPolicy,
        submissions: SubmissionService, deliveries: DeliveryService
    ) {
        self.ports = ports
        self.health = health
        self.clients = clients
        self.spending = spending
        self.submissions = submissions
        self.deliveries = deliveries
    }

    /// Stores notices until cancelled.
    func run() async {
        noteAllSpenders()
        while !Task.isCancelled {
            let event = AsyncEvent()
            // Before the look, so that nothing is missed.
            state.withLock { $0.wakeup = event }
            let isComplete = await storeNews()
            let interval = ports.notices.reports(.paused) ? Self.lookInterval : Self.idleInterval
            let delay = isComplete ? interval : Self.storeRetryDelay
            await ports.wait(for: event, until: ports.clock.monotonic() + delay)
        }
    }

    /// Makes the service look again: receivers or limits have changed.
    func recheck() {
        noteAllSpenders()
        wake()
    }

    private func wake() { state.withLock { $0.wakeup }?.set() }
}

// What is seen.
extension NoticeService {
    /// Records what the end of a submission showed: why jobs are blocked, or that they get through.
    func noteSubmissionEnd(_ block: BlockReason?) {
        if let block {
            if let halt = SubmissionHalt(block) { note(halt, isHalted: true) }
        } else {
            for halt in [SubmissionHalt.credentials, .quota] { note(halt, isHalted: false) }
        }
    }

    /// Records whether submission is halted for a reason.
    func note(_ halt: SubmissionHalt, isHalted: Bool, mark: NoticeMark? = nil) {
        let isNews = state.withLock { state in
            if isHalted {
                state.ended.remove(halt)
                let mark = mark ?? NoticeMark(halt.subject)
                return state.halts.updateValue(mark, forKey: halt) != mark
            }
            state.halts[halt] = nil
            // Without a mark it was not reported.
            guard state.marks == nil || state.marks?[halt.subject] != nil else { return false }
            return state.ended.insert(halt).inserted
        }
        if isNews { wake() }
    }

    /// Records that the ceiling of a day refuses jobs.
    func noteRefusal(by ceiling: AdmissionLimits.Spending) {
        let mark = NoticeMark(
            SubmissionHalt.spend.subject, period: ceiling.period.start.milliseconds,
            level: ceiling.microdollars)
        note(.spend, isHalted: true, mark: mark)
    }

    /// Looks at the budget of a task's client if the task takes more of it than before.
    func reconcile(_ record: TaskRecord, after before: TaskRecord?) {
        guard record.consumption > before?.consumption ?? 0, ports.notices.reports(.budget) else { return }
        let isNew = state.withLock { $0.spenders.insert(record.client).inserted }
        if isNew { wake() }
    }

    /// Looks at the budget of a client.
    func noteSpender(_ client: String) {
        state.withLock { _ = $0.spenders.insert(client) }
        wake()
    }

    private func noteAllSpenders() {
        let names = clients.clients.map(\.name)
        state.withLock { $0.spenders.formUnion(names) }
    }
}

// What is stored.
extension NoticeService {
    /// Stores what was not reported yet. Returns whether the store took everything.
    private func storeNews() async -> Bool {
        guard ports.notices.reports(.paused) || ports.notices.reports(.budget) else { return true }
        do {
            try await readMarks()
            try await storeHalts()
            if ports.notices.reports(.budget) { try await storeBudgets() }
            return true
        } catch {
            // `StoreHealth` logs the failure itself, once.
            return false
        }
    }

    private func readMarks() async throws(StoreError) {
        guard state.withLock({ $0.marks == nil }) else { return }
        let marks = try await health.recordingFailures { () throws(StoreError) in
            try await ports.deliveries.noticeMarks()
        }
        state.withLock { state in
            state.marks = Dictionary(marks.map { ($0.subject, $0) }, uniquingKeysWith: { $1 })
        }
    }

    private func storeHalts() async throws(StoreError) {
        note(.olderStore, isHalted: submissions.isPaused)
        let (ended, halts) = state.withLock { ($0.ended, $0.halts) }
        for halt in ended where reported(halt.subject) != nil {
            try await health.recordingFailures { () throws(StoreError) in
                try await ports.deliveries.removeNoticeMark(halt.subject)
            }
            state.withLock { $0.marks?[halt.subject] = nil }
        }
        state.withLock { $0.ended.subtract(ended) }
        for (halt, mark) in halts { try await report(.paused(halt), mark) }
    }

    private func storeBudgets() async throws(StoreError) {
        let names = state.withLock { state in
            defer { state.spenders = [] }
            return state.spenders
        }
        do throws(StoreError) {
            let now = ports.clock.now()
            if let ceiling = spending.dayCeiling(at: now) { try await look(at: nil, ceiling) }
            for name in names {
                guard let budget = clients.client(name)?.budget else { continue }
                let spending = AdmissionLimits.Spending(
                    microdollars: budget.microdollars, period: budget.period(of: now))
                try await look(at: name, spending)
            }
        } catch {
            state.withLock { $0.spenders.formUnion(names) }
            throw error
        }
    }

    /// Reports a limit that is nearly used up.
    private func look(at client: String?, _ limit: AdmissionLimits.Spending) async throws(StoreError) {
        var use = BudgetUse(client: client, used: 0, limit: limit.microdollars, period: limit.period)
        guard use.mark.isNews(after: reported(use.mark.subject)) else { return }
        use.used = try await health.recordingFailures { () throws(StoreError) in
            try await ports.store.consumption(of: client, since: limit.period.start)
        }
        if use.isReported { try await report(.budget(use), use.mark) }
    }

    private func report(_ subject: NoticeSubject, _ mark: NoticeMark) async throws(StoreError) {
        guard mark.isNews(after: reported(mark.subject)) else { return }
        let notices = ports.notices.notices(of: subject)
        guard !notices.isEmpty else { return }
        let now = ports.clock.now()
        try await health.recordingFailures { () throws(StoreError) in
            try await ports.deliveries.insertNotices(notices, mark, at: now)
        }
        state.withLock { $0.marks?[mark.subject] = mark }
        deliveries.wake()
    }

    private func reported(_ subject: String) -> NoticeMark? { state.withLock { $0.marks?[subject] } }
}
