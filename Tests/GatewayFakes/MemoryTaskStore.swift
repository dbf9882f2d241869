package import Gateway
import Synchronization
package import VideoJobs

/// A task store in memory that outlives the gateway's restarts and fails on demand.
package final class MemoryTaskStore: TaskStore {
    struct State {
        var order: [TaskID] = []
        var records: [TaskID: TaskRecord] = [:]
        var payloads: [TaskID: [UInt8]] = [:]
        var feed = MemoryFeed()
        var audit = MemoryAudit()
        var deliveries = MemoryDeliveries()
        var workClaims = MemoryClaims()
        var claims: [String: (fingerprint: String, id: TaskID)] = [:]
        var failure: StoreError?
        var readsFail = true
        var checks = 0
        var changes: [StoredChange] = []
        var repliesToLose = 0
        var identity = StoreIdentity(id: "memory", sequence: 0)
        var savesLeft: Int?
        var receive: (@Sendable ([CommittedChange]) -> Void)?
    }

    let state = Mutex(State())
    let memoryClients = MemoryClients()
    let memorySessions = MemorySessions()
    /// Held while a call that writes delivers its changes, so that they arrive in order.
    private let delivery = Mutex(())

    package init() {}

    package func admit(_ admission: NewTask) async throws(StoreError) -> AdmissionOutcome {
        try OutboxMessage.checkLimits(of: admission.outbox)
        return try access(writes: true) { state throws(StoreError) in
            if let claim = admission.claim {
                let key = "\(claim.client)\u{0}\(claim.key)"
                if let earlier = state.claims[key] {
                    guard let record = state.records[earlier.id] else { return .keyReused }
                    let payload = state.payloads[earlier.id]
                    let isSame = admission.isSameJob(asStored: earlier.fingerprint, model: record.model) {
                        payload
                    }
                    return isSame ? .replayed(record) : .keyReused
                }
            }
            guard !admission.onlyJoins else { return .nothingJoined }
            let record = admission.record
            if let limit = admission.limits.limit(exceededBy: record, among: state.records) {
                return .limited(limit)
            }
            guard state.records[record.id] == nil else {
                throw .oneTask("the task id \(record.id) is taken")
            }
            if let claim = admission.claim {
                state.claims["\(claim.client)\u{0}\(claim.key)"] = (claim.fingerprint, record.id)
            }
            state.order.append(record.id)
            state.records[record.id] = record
            state.payloads[record.id] = admission.payload
            let sequence = state.feed.append(
                admission.events, of: record, after: nil, outbox: admission.outbox)
            state.changes.append(.admitted(record, admission.claim))
            state.audit.append(admission.audit)
            state.deliveries.insert(admission.callback, of: record.id)
            state.identity.sequence += 1
            try Self.loseReplyIfDue(&state)
            return .admitted(sequence: sequence)
        }
    }

    package func save(_ change: TaskChange) async throws(StoreError) -> SaveOutcome {
        try OutboxMessage.checkLimits(of: change.outbox)
        return try access(writes: true) { state throws(StoreError) in
            let record = change.record
            guard let stored = state.records[record.id], stored.state == change.before.state,
                stored.version == record.version - 1
            else { return .outdated }
            if let limit = change.limit(among: state.records) { return .limited(limit) }
            if let left = state.savesLeft {
                guard left > 0 else { throw .unavailable("no more saves") }
                state.savesLeft = left - 1
            }
            state.records[record.id] = record
            state.identity.sequence += 1
            let sequence = state.feed.append(
                [change.event], of: record, after: change.before, outbox: change.outbox)
            state.changes.append(.saved(record, before: stored, name: change.event.name))
            state.audit.append(change.audit)
            state.deliveries.insert(change)
            try Self.loseReplyIfDue(&state)
            return .saved(sequence: sequence)
        }
    }

    package func deliverChanges(to receive: @escaping @Sendable ([CommittedChange]) -> Void) {
        state.withLock { state in
            _ = state.feed.takeChanges()
            state.receive = receive
        }
    }

    package func task(_ id: TaskID) async throws(StoreError) -> TaskRecord? {
        try access { state throws(StoreError) in state.records[id] }
    }

    package func task(providerTaskID: ProviderTaskID) async throws(StoreError) -> TaskRecord? {
        try access { state throws(StoreError) in
            state.records.values.first { $0.providerTaskID == providerTaskID }
        }
    }

    package func payload(of id: TaskID) async throws(StoreError) -> [UInt8]? {
        try access { state throws(StoreError) in state.payloads[id] }
    }

    package func tasks(matching query: TaskQuery) async throws(StoreError) -> TaskPage {
        try access { state throws(StoreError) in
            var ids = state.order[...]
            if let after = query.after {
                guard state.records[after] != nil else { return TaskPage(tasks: [], hasMore: false) }
                ids = ids.prefix { $0 != after }
            }
            let records = state.records
            let matching = ids.reversed().lazy.compactMap { records[$0] }.filter { query.matches($0) }
            let found = Array(matching.prefix(query.limit + 1))
            return TaskPage(tasks: Array(found.prefix(query.limit)), hasMore: found.count > query.limit)
        }
    }

    package func limit(
        _ limits: AdmissionLimits, exceededBy record: TaskRecord
    ) async throws(StoreError) -> AdmissionLimit? {
        try access { state throws(StoreError) in limits.limit(exceededBy: record, among: state.records) }
    }

    package func consumption(of client: String?, since: Timestamp) async throws(StoreError) -> Int64 {
        try access { state throws(StoreError) in
            MemoryUsage(records: state.records).consumption(of: client, since: since)
        }
    }

    package func completedDurations(limit: Int) async throws(StoreError) -> [CompletedDuration] {
        try access { state throws(StoreError) in
            let records = state.records
            let newestFirst = state.order.reversed().lazy.compactMap { records[$0] }
            return newestFirst.filter { $0.state == .completed }.prefix(limit).compactMap(
                CompletedDuration.init)
        }
    }

    package func tasksWithContent(_ query: ContentQuery) async throws(StoreError) -> [TaskRecord] {
        try access { state throws(StoreError) in
            MemoryContent(records: state.records, order: state.order).page(query)
        }
    }

    package func largestResults(limit: Int) async throws(StoreError) -> [ResultKind: Int64] {
        try access { state throws(StoreError) in
            MemoryContent(records: state.records, order: state.order).largest(limit: limit)
        }
    }

    package func contentBytes() async throws(StoreError) -> Int64 {
        try access { state throws(StoreError) in
            MemoryContent(records: state.records, order: state.order).bytes
        }
    }

    package func outbox(kind: String, after id: Int64, limit: Int) async throws(StoreError) -> [OutboxRow] {
        try access { state throws(StoreError) in state.feed.outbox(kind: kind, after: id, limit: limit) }
    }

    package func removeFromOutbox(_ ids: [Int64]) async throws(StoreError) {
        try access(writes: true) { state throws(StoreError) in
            state.feed.removeFromOutbox(ids)
            state.identity.sequence += 1
        }
    }

    package func beginClaim(
        owner: String, at now: Timestamp, lease: Duration
    ) async throws(StoreError) -> WorkClaim {
        // Granted while the store is full, too.
        let isFull = state.withLock { if case .full = $0.failure { true } else { false } }
        return try access(writes: !isFull) { state throws(StoreError) in
            state.workClaims.begin(owner: owner, at: now, lease: lease)
        }
    }

    package func claimTasksWithWork(
        _ claim: WorkClaim, after id: TaskID?, limit: Int
    ) async throws(StoreError) -> [TaskRecord]? {
        try access { state throws(StoreError) in
            guard state.workClaims.isValid(claim) else { return nil }
            var granted: [TaskRecord] = []
            for id in Self.rest(of: state.order, after: id) where granted.count < limit {
                guard let record = state.records[id], record.hasWorkLeft else { continue }
                if state.workClaims.grant(id, to: claim) { granted.append(record) }
            }
            return granted
        }
    }

    package func identity() async throws(StoreError) -> StoreIdentity {
        try access { state throws(StoreError) in state.identity }
    }

    package var sequence: Int64 { state.withLock { $0.identity.sequence } }

    package func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64, audit: AuditRecord?
    ) async throws(StoreError) {
        try access(writes: true) { state throws(StoreError) in
            state.feed.skipLost(sequence - state.identity.sequence)
            state.identity.restoration = phase
            state.audit.append(audit)
            state.identity.sequence = max(state.identity.sequence, sequence) + 1
        }
    }

    package func setArchiveID(_ id: String) async throws(StoreError) {
        try access(writes: true) { state throws(StoreError) in
            state.identity.archiveID = id
            state.identity.sequence += 1
        }
    }

    package func setSpendResumed(at time: Timestamp, audit: AuditRecord?) async throws(StoreError) {
        try access(writes: true) { state throws(StoreError) in
            state.identity.spendResumed = time
            state.audit.append(audit)
            state.identity.sequence += 1
        }
    }

    package func check() async throws(StoreError) {
        state.withLock { $0.checks += 1 }
        try access(writes: true) { _ throws(StoreError) in () }
    }

    package func close() async {}

    private static func rest(of order: [TaskID], after id: TaskID?) -> ArraySlice<TaskID> {
        guard let id else { return order[...] }
        return order.drop { $0 != id }.dropFirst()
    }

    private static func loseReplyIfDue(_ state: inout State) throws(StoreError) {
        guard state.repliesToLose > 0 else { return }
        state.repliesToLose -= 1
        state.feed.failCalls()
        throw .unavailable("the reply was lost")
    }

    func access<Value: Sendable>(
        writes: Bool = false, _ body: (inout sending State) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        guard writes else { return try run(writes: false, body).get() }
        return try delivery.withLock { _ in
            let result = run(writes: true, body)
            guard case .success = result else { return result }
            let (changes, receive) = state.withLock { ($0.feed.takeChanges(), $0.receive) }
            if !changes.isEmpty { receive?(changes) }
            return result
        }
        .get()
    }

    private func run<Value: Sendable>(
        writes: Bool, _ body: (inout sending State) throws(StoreError) -> Value
    ) -> Result<Value, StoreError> {
        state.withLock { state in
            if let failure = state.failure, writes || state.readsFail { return .failure(failure) }
            do throws(StoreError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
    }
}

extension TaskQuery {
    fileprivate func matches(_ record: TaskRecord) -> Bool {
        (status == nil || status == record.status) && (state == nil || state == record.state)
            && (model == nil || model == record.model) && (client == nil || client == record.client)
    }
}
