import Gateway
import GatewayFakes
import VideoJobs

/// A store whose calls take time and fail, some of them after their change is durable.
struct UnreliableStore: GatewayStore {
    let backing: MemoryTaskStore
    let clock: ManualClock
    let faults: FaultInjector
    /// Broken: reports success for changes that it does not store.
    var skipsWrites = false
    /// Broken: stores no webhooks.
    var forgetsDeliveries = false

    func admit(_ admission: NewTask) async throws(StoreError) -> AdmissionOutcome {
        try await beginCall()
        let outcome = try await backing.admit(admission)
        try await endWrite()
        return outcome
    }

    func save(_ change: TaskChange) async throws(StoreError) -> SaveOutcome {
        try await beginCall()
        if skipsWrites, faults.pick(0...9) == 0 {
            backing.deliverUnstored(change)
            return .saved(sequence: 0)
        }
        var change = change
        if forgetsDeliveries { change.delivery = nil }
        let saved = try await backing.save(change)
        try await endWrite()
        return saved
    }

    func clients() async throws(StoreError) -> [Client] {
        try await beginCall()
        return try await backing.clients()
    }

    func changeClient(
        _ name: String, _ change: @escaping @Sendable (Client?) throws(ClientError) -> ClientChange
    ) async throws(StoreError) -> Result<Client, ClientError> {
        try await beginCall()
        let outcome = try await backing.changeClient(name, change)
        try await endWrite()
        return outcome
    }

    // Simulated clients have no sessions.
    func sessions() async throws(StoreError) -> [Session] { try await backing.sessions() }

    func insertSession(_ session: Session, deleting ended: [TokenDigest]) async throws(StoreError) {
        try await backing.insertSession(session, deleting: ended)
    }

    func deleteSession(_ digest: TokenDigest) async throws(StoreError) {
        try await backing.deleteSession(digest)
    }

    func usage(matching query: UsageQuery) async throws(StoreError) -> [String: UsageSum] {
        try await beginCall()
        return try await backing.usage(matching: query)
    }

    func openTasks() async throws(StoreError) -> [String: Int] {
        try await beginCall()
        return try await backing.openTasks()
    }

    func totals() async throws(StoreError) -> TaskTotals {
        try await beginCall()
        return try await backing.totals()
    }

    func pendingDeliveries(
        excluding hosts: Set<String>, limit: Int
    ) async throws(StoreError) -> [PendingDelivery] {
        try await backing.pendingDeliveries(excluding: hosts, limit: limit)
    }

    func delivery(_ id: DeliveryID) async throws(StoreError) -> Delivery? { try await backing.delivery(id) }

    func deliveries(of task: TaskID, limit: Int) async throws(StoreError) -> [Delivery] {
        try await backing.deliveries(of: task, limit: limit)
    }

    func changeDelivery(
        _ id: DeliveryID, audit: AuditRecord?, _ change: @escaping @Sendable (inout Delivery) -> Void
    ) async throws(StoreError) -> Delivery? {
        try await beginCall()
        let changed = try await backing.changeDelivery(id, audit: audit, change)
        try await endWrite()
        return changed
    }

    func noticeMarks() async throws(StoreError) -> [NoticeMark] {
        try await beginCall()
        return try await backing.noticeMarks()
    }

    func insertNotices(
        _ notices: [NewNotice], _ mark: NoticeMark, at now: Timestamp
    ) async throws(StoreError) {
        try await beginCall()
        try await backing.insertNotices(notices, mark, at: now)
        try await endWrite()
    }

    func removeNoticeMark(_ subject: String) async throws(StoreError) {
        try await beginCall()
        try await backing.removeNoticeMark(subject)
        try await endWrite()
    }

    func append(_ record: AuditRecord) async throws(StoreError) {
        try await beginCall()
        try await backing.append(record)
        try await endWrite()
    }

    func auditPage(matching query: AuditQuery) async throws(StoreError) -> AuditPage {
        try await beginCall()
        return try await backing.auditPage(matching: query)
    }

    func deliverChanges(to receive: @escaping @Sendable ([CommittedChange]) -> Void) {
        backing.deliverChanges(to: receive)
    }

    func task(_ id: TaskID) async throws(StoreError) -> TaskRecord? {
        try await beginCall()
        return try await backing.task(id)
    }

    func task(providerTaskID: ProviderTaskID) async throws(StoreError) -> TaskRecord? {
        try await beginCall()
        return try await backing.task(providerTaskID: providerTaskID)
    }

    func payload(of id: TaskID) async throws(StoreError) -> [UInt8]? {
        try await beginCall()
        return try await backing.payload(of: id)
    }

    func tasks(matching query: TaskQuery) async throws(StoreError) -> TaskPage {
        try await beginCall()
        return try await backing.tasks(matching: query)
    }

    func limit(
        _ limits: AdmissionLimits, exceededBy record: TaskRecord
    ) async throws(StoreError) -> AdmissionLimit? {
        try await beginCall()
        return try await backing.limit(limits, exceededBy: record)
    }

    func consumption(of client: String?, since: Timestamp) async throws(StoreError) -> Int64 {
        try await beginCall()
        return try await backing.consumption(of: client, since: since)
    }

    func completedDurations(limit: Int) async throws(StoreError) -> [CompletedDuration] {
        try await beginCall()
        return try await backing.completedDurations(limit: limit)
    }

    func largestResults(limit: Int) async throws(StoreError) -> [ResultKind: Int64] {
        try await beginCall()
        return try await backing.largestResults(limit: limit)
    }

    func contentBytes() async throws(StoreError) -> Int64 {
        try await beginCall()
        return try await backing.contentBytes()
    }

    func tasksWithContent(_ query: ContentQuery) async throws(StoreError) -> [TaskRecord] {
        try await beginCall()
        return try await backing.tasksWithContent(query)
    }

    func events(of id: TaskID) async throws(StoreError) -> [TaskEventRecord] {
        try await beginCall()
        return try await backing.events(of: id)
    }

    func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedTaskEvent] {
        try await beginCall()
        return try await backing.events(after: sequence, limit: limit)
    }

    func events(
        of id: TaskID, after number: Int, limit: Int
    ) async throws(StoreError) -> [SequencedTaskEvent] {
        try await beginCall()
        return try await backing.events(of: id, after: number, limit: limit)
    }

    func lastEventSequence() async throws(StoreError) -> Int64 {
        try await beginCall()
        return try await backing.lastEventSequence()
    }

    func outbox(kind: String, after id: Int64, limit: Int) async throws(StoreError) -> [OutboxRow] {
        try await beginCall()
        return try await backing.outbox(kind: kind, after: id, limit: limit)
    }

    func removeFromOutbox(_ ids: [Int64]) async throws(StoreError) {
        try await beginCall()
        try await backing.removeFromOutbox(ids)
    }

    func beginClaim(
        owner: String, at now: Timestamp, lease: Duration
    ) async throws(StoreError) -> WorkClaim {
        try await beginCall()
        return try await backing.beginClaim(owner: owner, at: now, lease: lease)
    }

    func claimTasksWithWork(
        _ claim: WorkClaim, after id: TaskID?, limit: Int
    ) async throws(StoreError) -> [TaskRecord]? {
        try await beginCall()
        // Small pages, so that a crash can interrupt recovery between them.
        return try await backing.claimTasksWithWork(claim, after: id, limit: min(limit, 7))
    }

    func identity() async throws(StoreError) -> StoreIdentity {
        try await beginCall()
        return try await backing.identity()
    }

    var sequence: Int64 { backing.sequence }

    func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64, audit: AuditRecord?
    ) async throws(StoreError) {
        try await beginCall()
        try await backing.setRestoration(phase, raisingSequenceTo: sequence, audit: audit)
    }

    func setArchiveID(_ id: String) async throws(StoreError) {
        try await beginCall()
        try await backing.setArchiveID(id)
    }

    func setSpendResumed(at time: Timestamp, audit: AuditRecord?) async throws(StoreError) {
        try await beginCall()
        try await backing.setSpendResumed(at: time, audit: audit)
    }

    func check() async throws(StoreError) {
        try await beginCall()
        try await backing.check()
    }

    func close() async {}

    private func beginCall() async throws(StoreError) {
        await clock.pause(faults, milliseconds: 1...15)
        let isDown = faults.isOutage(of: .storeOutage, at: clock.monotonic(), seconds: 1...90)
        if isDown || faults.occurs(.storeUnavailable) { throw .unavailable("the disk failed") }
    }

    /// Loses the reply of some durable changes.
    private func endWrite() async throws(StoreError) {
        await clock.pause(faults, milliseconds: 1...15)
        if faults.occurs(.storeReplyLost) { throw .unavailable("the reply was lost") }
    }
}
