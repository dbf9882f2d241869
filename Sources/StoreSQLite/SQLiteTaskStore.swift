package import Gateway
import GRDB
import Synchronization
package import VideoJobs

/// Tasks in one SQLite file.
///
/// One writer commits in groups (`GroupWriter`), a few readers read beside it, a lock keeps other gateways
/// out.
package final class SQLiteTaskStore: TaskStore {
    let writer: GroupWriter
    private let files: StoreFiles
    let readers: StoreReaders
    private let errors: SQLiteErrorMapper
    private let lock: Mutex<StoreLock?>
    /// The only valid claim's term; 0 before the first claim.
    private let newestTerm = Mutex<Int64>(0)

    var database: DatabaseQueue { writer.database }

    /// Opens the store at a path, making folder and file where there are none; brings its tables up to date.
    /// Waits for a gateway or a command that is about to end.
    ///
    /// - Parameters:
    ///   - isBrief: whether a command opens it, for whose end a gateway waits.
    ///   - report: receives messages for the operator about repaired files and waits.
    ///   - onCommit: receives how long each commit took, and how many mutations it had. Must not block.
    package static func open(
        path: String, isBrief: Bool = false, report: @escaping @Sendable (String) -> Void = { _ in },
        onCommit: @escaping OnCommit = { _, _ in }
    ) throws(StoreError) -> SQLiteTaskStore {
        try SQLiteTaskStore(
            path: path, limits: PendingMutations.Limits(), isBrief: isBrief, report: report,
            onCommit: onCommit)
    }

    package typealias OnCommit = @Sendable (_ duration: Duration, _ mutations: Int) -> Void

    init(
        path: String, limits: PendingMutations.Limits, isBrief: Bool = false,
        report: @escaping @Sendable (String) -> Void = { _ in },
        onCommit: @escaping OnCommit = { _, _ in }
    ) throws(StoreError) {
        let files = try StoreFiles.locate(path)
        let lock = try StoreLock(files, isBrief: isBrief, report: report)
        if try files.adoptRescueCopy(lock) {
            report("the store \(files.path) was deleted; a complete copy of it is now in its place")
        }
        try files.makeFile(lock)
        self.files = files
        self.errors = SQLiteErrorMapper(files: files)
        let connections = try StoreOpening(files: files, errors: errors).open()
        self.readers = StoreReaders(connections.readers, errors: errors)
        let rescue = StoreRescue(files: files, errors: errors, lock: lock, report: report)
        self.writer = GroupWriter(
            connections, readers: readers, rescue: rescue, limits: limits, onCommit: onCommit)
        self.lock = Mutex(lock)
    }

    package func admit(_ admission: NewTask) async throws(StoreError) -> AdmissionOutcome {
        try TaskMutations.checkNames(in: admission)
        try OutboxMessage.checkLimits(of: admission.outbox)
        let prompt = admission.audit?.prompt?.utf8.count ?? 0
        let bytes = admission.payload.count + admission.outbox.bytes + prompt + 1_000
        return try await writer.perform(bytes: bytes) { transaction in
            try TaskMutations.admit(admission, in: transaction)
        }
    }

    package func save(_ change: TaskChange) async throws(StoreError) -> SaveOutcome {
        try OutboxMessage.checkLimits(of: change.outbox)
        let bytes = change.outbox.bytes + change.notices.reduce(0) { $0 + $1.body.count + 200 } + 1_000
        return try await writer.perform(bytes: bytes) { transaction in
            try TaskMutations.save(change, in: transaction)
        }
    }

    package func deliverChanges(to receive: @escaping @Sendable ([CommittedChange]) -> Void) {
        writer.deliverChanges(to: receive)
    }

    package func task(_ id: TaskID) async throws(StoreError) -> TaskRecord? {
        try await readers.read { db in try TaskReads.task(id, in: db) }
    }

    package func task(providerTaskID id: ProviderTaskID) async throws(StoreError) -> TaskRecord? {
        try await readers.read { db in try TaskReads.task(id, in: db) }
    }

    package func payload(of id: TaskID) async throws(StoreError) -> [UInt8]? {
        try await readers.read { db in try TaskReads.payload(of: id, in: db) }
    }

    package func tasks(matching query: TaskQuery) async throws(StoreError) -> TaskPage {
        try await readers.read { db in try TaskReads.page(query, in: db) }
    }

    package func limit(
        _ limits: AdmissionLimits, exceededBy record: TaskRecord
    ) async throws(StoreError) -> AdmissionLimit? {
        try await readers.read { db in
            try limits.limit(exceededBy: record, in: StoredUsage(db: db))
        }
    }

    package func consumption(of client: String?, since: Timestamp) async throws(StoreError) -> Int64 {
        try await readers.read { db in try StoredUsage(db: db).consumption(of: client, since: since) }
    }

    package func completedDurations(limit: Int) async throws(StoreError) -> [CompletedDuration] {
        try await readers.read { db in try TaskReads.completedDurations(limit: limit, in: db) }
    }

    package func tasksWithContent(_ query: ContentQuery) async throws(StoreError) -> [TaskRecord] {
        try await readers.read { db in try ContentReads.page(query, in: db) }
    }

    package func largestResults(limit: Int) async throws(StoreError) -> [ResultKind: Int64] {
        try await readers.read { db in try ResultSizes.largest(limit: limit, in: db) }
    }

    package func contentBytes() async throws(StoreError) -> Int64 {
        try await readers.read { db in try ContentReads.bytes(in: db) }
    }

    package func events(of id: TaskID) async throws(StoreError) -> [TaskEventRecord] {
        try await readers.read { db in try FeedReads.history(of: id, in: db) }
    }

    package func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedTaskEvent] {
        try await readers.read { db in try FeedReads.events(after: sequence, limit: limit, in: db) }
    }

    package func events(
        of id: TaskID, after number: Int, limit: Int
    ) async throws(StoreError) -> [SequencedTaskEvent] {
        try await readers.read { db in try FeedReads.events(of: id, after: number, limit: limit, in: db) }
    }

    package func lastEventSequence() async throws(StoreError) -> Int64 {
        try await readers.read { db in try FeedReads.lastEvent(in: db) }
    }

    package func outbox(kind: String, after id: Int64, limit: Int) async throws(StoreError) -> [OutboxRow] {
        try await readers.read { db in try FeedReads.outbox(kind: kind, after: id, limit: limit, in: db) }
    }

    package func removeFromOutbox(_ ids: [Int64]) async throws(StoreError) {
        try await writer.perform(bytes: ids.count * 8) { try OutboxMutations.remove(ids, in: $0.db) }
    }

    package func beginClaim(
        owner: String, at now: Timestamp, lease: Duration
    ) async throws(StoreError) -> WorkClaim {
        let term: Int64
        do {
            // A raised sequence would hide that the store is older than a mark.
            term = try await writer.perform(bytes: 0, isCheck: true, raisesSequence: false) { transaction in
                try StoredTerm.advance(owner: owner, in: transaction.db)
            }
        } catch {
            guard case .full = error else { throw error }
            // Recovery goes on while the disk is full: the lock excludes other gateways without a term too.
            term = try await readers.read { db in try StoredTerm.read(db) } + 1
        }
        let newest = newestTerm.withLock { newest in
            newest = max(newest + 1, term)
            return newest
        }
        return WorkClaim(owner: owner, term: newest, begin: now, leaseEnd: now + lease)
    }

    package func claimTasksWithWork(
        _ claim: WorkClaim, after id: TaskID?, limit: Int
    ) async throws(StoreError) -> [TaskRecord]? {
        guard claim.term == newestTerm.withLock({ $0 }) else { return nil }
        return try await readers.read { db in try TaskReads.tasksWithWork(after: id, limit: limit, in: db) }
    }

    /// The store's file, free of symbolic links.
    package var path: String { files.path }

    package var sequence: Int64 { writer.sequence }

    package func identity() async throws(StoreError) -> StoreIdentity {
        try await readers.read { db in try StoredIdentity.read(db) }
    }

    package func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64, audit: AuditRecord?
    ) async throws(StoreError) {
        try await writer.perform(bytes: 0, isCheck: true) { transaction in
            try StoredIdentity.setRestoration(phase, raisingSequenceTo: sequence, in: transaction)
            try AuditMutations.insert(audit, ofTask: nil, in: transaction)
        }
    }

    package func setArchiveID(_ id: String) async throws(StoreError) {
        try await writer.perform(bytes: 0, isCheck: true) { transaction in
            try StoredIdentity.setArchive(id, in: transaction.db)
        }
    }

    package func setSpendResumed(at time: Timestamp, audit: AuditRecord?) async throws(StoreError) {
        try await writer.perform(bytes: 0, isCheck: true) { transaction in
            try StoredIdentity.setSpendResumed(at: time, in: transaction.db)
            try AuditMutations.insert(audit, ofTask: nil, in: transaction)
        }
    }

    /// Checks the integrity of the file if corruption was seen; writes a probe; checks the free space.
    package func check() async throws(StoreError) {
        if errors.sawCorruption {
            try await readers.read { db in try TaskReads.checkIntegrity(db) }
            errors.markIntact()
            // The writer forgets damaged pages too; the readers do when they see its next commit.
            try await writer.perform(bytes: 0, isCheck: true) { transaction in
                try transaction.db.execute(sql: "PRAGMA shrink_memory")
            }
        }
        try await writer.perform(bytes: 0, isCheck: true) { try TaskMutations.writeProbe($0.db) }
        try files.checkRoom()
    }

    /// Announces `close`, so that the next gateway waits for the store instead of failing.
    package func announceClosing() { lock.withLock { $0?.announceClosing() } }

    /// Writes what is pending, moves the log into the file and releases the store for another gateway.
    package func close() async {
        guard let held = lock.withLock({ $0.take() }) else { return }
        await readers.close()
        await writer.close()
        // Fails only while statements run, and none do any more.
        try? database.close()
        // Last: the next holder of the lock finds everything written.
        held.release()
    }
}

extension [OutboxMessage] {
    /// About how many bytes they hold in memory.
    fileprivate var bytes: Int { reduce(0) { $0 + $1.payload.count + 200 } }
}
