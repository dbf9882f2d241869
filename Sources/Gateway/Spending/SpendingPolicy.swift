import Synchronization
import VideoJobs

/// The limits of money and tasks that a new job must keep: of its client, and of the gateway.
///
/// Holds no sums: they are the store's. A change of a client or of the ceilings holds for the next job.
final class SpendingPolicy: Sendable {
    private struct State {
        var ceilings: SpendCeilings
        /// From when on the day's ceiling counts, if an operator reset it.
        var resumed: Timestamp?
        /// The lowest price that the day's ceiling refused, and when the refusal ends.
        var refused: (price: Int64, until: Timestamp)?
    }

    private let ports: GatewayPorts
    private let clients: ClientRegistry
    private let health: StoreHealth
    private let state: Mutex<State>
    private let refusalObserver = Mutex<(@Sendable (AdmissionLimits.Spending) -> Void)?>(nil)

    init(ports: GatewayPorts, settings: GatewaySettings, clients: ClientRegistry, health: StoreHealth) {
        self.ports = ports
        self.clients = clients
        self.health = health
        state = Mutex(State(ceilings: settings.ceilings))
    }

    /// Reads from when on the day's ceiling counts.
    func load() async throws(StoreError) {
        let resumed = try await ports.store.identity().spendResumed
        state.withLock { $0.resumed = resumed }
    }

    /// The ceilings in force.
    var ceilings: SpendCeilings { state.withLock { $0.ceilings } }

    /// The ceiling of the day, if there is one.
    func dayCeiling(at now: Timestamp) -> AdmissionLimits.Spending? {
        ceilings.day.map { AdmissionLimits.Spending(microdollars: $0, period: ceilingPeriod(of: now)) }
    }

    /// Calls an observer when the day's ceiling begins to refuse jobs.
    func observeRefusals(_ observer: @escaping @Sendable (AdmissionLimits.Spending) -> Void) {
        refusalObserver.withLock { $0 = observer }
    }

    /// Replaces the ceilings.
    func replaceCeilings(with ceilings: SpendCeilings) {
        state.withLock { state in
            state.ceilings = ceilings
            state.refused = nil
        }
    }

    /// Returns the limits for a new job of a client.
    func limits(for job: VideoJob, of name: String, at now: Timestamp) -> AdmissionLimits {
        var limits = limits(forPrice: job.price, of: name, at: now)
        let client = clients.client(name)?.limits
        limits.inFlight = client?.inFlight
        limits.jobs = client?.jobsPerDay.map { AdmissionLimits.Jobs(max: $0, period: .day(of: now)) }
        return limits
    }

    /// Returns the limits for another submission of a client's job, which is another purchase but not another
    /// job.
    ///
    /// - Parameter price: Of the submission; `nil` if the catalog had none.
    func limits(forPrice price: Int64?, of name: String, at now: Timestamp) -> AdmissionLimits {
        let budget = clients.client(name)?.budget
        let ceilings = ceilings
        var limits = AdmissionLimits()
        limits.exceeded = Self.limit(exceededBy: price, budget, ceilings)
        limits.budget = budget.map {
            AdmissionLimits.Spending(microdollars: $0.microdollars, period: $0.period(of: now))
        }
        limits.ceiling = dayCeiling(at: now)
        return limits
    }

    private static func limit(
        exceededBy price: Int64?, _ budget: ClientBudget?, _ ceilings: SpendCeilings
    ) -> AdmissionLimit? {
        guard let price else {
            if budget != nil { return .unpricedForBudget }
            return ceilings == SpendCeilings() ? nil : .unpricedForCeiling
        }
        return ceilings.job.flatMap { price > $0 ? .jobCeiling(microdollars: $0) : nil }
    }

    /// The period of the day's ceiling: the day, or the rest of it after an operator's reset.
    private func ceilingPeriod(of now: Timestamp) -> SpendingPeriod {
        var period = SpendingPeriod.day(of: now)
        if let resumed = state.withLock({ $0.resumed }) { period.start = max(period.start, resumed) }
        return period
    }
}

// The day's ceiling while it refuses jobs.
extension SpendingPolicy {
    /// Records that a job was not submitted; logs the first one that the day's ceiling refuses.
    func recordRefusal(of job: LimitedJob, at now: Timestamp) {
        guard case .dayCeiling(let amount) = job.limit, let price = job.price else { return }
        let isFirst = state.withLock { state in
            let earlier = state.refused.flatMap { now < $0.until ? $0 : nil }
            state.refused = (min(price, earlier?.price ?? price), amount.resets)
            return earlier == nil
        }
        guard isFirst else { return }
        if let ceiling = dayCeiling(at: now) { refusalObserver.withLock { $0 }?(ceiling) }
        ports.log.warning(
            .spendCeilingReached, "the spend ceiling of the day refuses jobs",
            metadata: [
                "day_usd": "\(Dollars.text(amount.limit))", "left_usd": "\(Dollars.text(amount.left))",
                "resets": "\(UTCDate(of: amount.resets))",
            ])
    }

    /// Returns why the day's ceiling refuses jobs now, by the store's sums; `nil` if it does not.
    func issue() async throws(StoreError) -> ReadinessIssue? {
        let now = ports.clock.now()
        guard let ceiling = ceilings.day else { return nil }
        let period = ceilingPeriod(of: now)
        let consumed = try await ports.store.consumption(of: nil, since: period.start)
        let left = ceiling - consumed
        let refused = state.withLock { state in state.refused.flatMap { now < $0.until ? $0.price : nil } }
        guard left <= 0 || refused.map({ $0 > left }) ?? false else { return nil }
        return ReadinessIssue(
            code: "spend_ceiling",
            message: "jobs are refused: \(Dollars.text(max(0, left))) of the day's ceiling of "
                + "\(Dollars.text(ceiling)) US dollars are left until \(UTCDate(of: period.end))T00:00:00Z; "
                + "an operator can reopen it with reelgate resume --spend",
            retryAfterSeconds: Int((period.end - now).components.seconds) + 1)
    }

    /// Lets the day's ceiling count from now on. Returns whether there is such a ceiling.
    func resume(for caller: Caller) async throws(GatewayError) -> Bool {
        guard ceilings.day != nil else { return false }
        let now = ports.clock.now()
        let record = try await auditRecord(ofResumeFor: caller, at: now)
        try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.setSpendResumed(at: now, audit: record)
        }
        state.withLock { state in
            state.resumed = now
            state.refused = nil
        }
        ports.log.notice(.spendCeilingReset, "an operator reset the spend ceiling of the day")
        return true
    }

    private func auditRecord(
        ofResumeFor caller: Caller, at now: Timestamp
    ) async throws(GatewayError) -> AuditRecord {
        let start = ceilingPeriod(of: now).start
        let consumed = try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.consumption(of: nil, since: start)
        }
        var record = AuditRecord(.resume, by: caller, at: now)
        let ceiling = ceilings.day.map { " of $\(Dollars.text($0))" } ?? ""
        record.detail = "spend: $\(Dollars.text(consumed))\(ceiling) of the day's ceiling were used"
        return record
    }
}
