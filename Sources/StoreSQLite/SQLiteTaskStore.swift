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
    private let readers: StoreReaders
    private let faults: SQLiteErrorMapper
    private let lock: Mutex<StoreLock?>

    var database: DatabaseQueue { writer.database }

    /// Opens the store at a path, making folder and file where there are none; brings its tables up to date.
    /// Waits for a gateway that is about to end.
    ///
    /// - Parameter tell: hears what happened to the files and was mended, and what is waited for, in words
    ///   for the operator.
    package static func open(
        path: String, tell: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(StoreError) -> SQLiteTaskStore {
        try SQLiteTaskStore(path: path, limits: PendingMutations.Limits(), tell: tell)
    }

    init(
        path: String, limits: PendingMutations.Limits, tell: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(StoreError) {
        let files = try StoreFiles.locate(path)
        let lock = try StoreLock(files, tell: tell)
        if try files.adoptRescueCopy(lock) {
            tell("the store \(files.path) was deleted and a copy saved; it is in its place again, and whole")
        }
        try files.makeFile(lock)
        self.files = files
        self.faults = SQLiteErrorMapper(files: files)
        let connections = try StoreOpening(files: files, faults: faults).open()
        self.readers = StoreReaders(connections.readers, faults: faults)
        let rescue = StoreRescue(files: files, faults: faults, lock: lock, tell: tell)
        self.writer = GroupWriter(connections, readers: readers, rescue: rescue, limits: limits)
        self.lock = Mutex(lock)
    }

    package func admit(_ admission: NewTask) async throws(StoreError) -> AdmissionOutcome {
        try TaskMutations.checkNames(in: admission)
        try OutboxMessage.checkLimits(of: admission.outbox)
        let bytes = admission.payload.count + admission.outbox.bytes + 1_000
        return try await writer.perform(bytes: bytes) { db in
            try TaskMutations.admit(admission, in: db)
        }
    }

    package func save(_ change: TaskChange) async throws(StoreError) -> Bool {
        try OutboxMessage.checkLimits(of: change.outbox)
        return try await writer.perform(bytes: change.outbox.bytes + 1_000) { db in
            try TaskMutations.save(change, in: db)
        }
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

    package func tasksWithWork(after id: TaskID?, limit: Int) async throws(StoreError) -> [TaskRecord] {
        try await readers.read { db in try TaskReads.tasksWithWork(after: id, limit: limit, in: db) }
    }

    package func tasksWithContent(limit: Int) async throws(StoreError) -> [TaskRecord] {
        try await readers.read { db in try TaskReads.tasksWithContent(limit: limit, in: db) }
    }

    package func events(of id: TaskID) async throws(StoreError) -> [TaskEventRecord] {
        try await readers.read { db in try FeedReads.history(of: id, in: db) }
    }

    package func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedTaskEvent] {
        try await readers.read { db in try FeedReads.events(after: sequence, limit: limit, in: db) }
    }

    package func outbox(kind: String, after id: Int64, limit: Int) async throws(StoreError) -> [OutboxRow] {
        try await readers.read { db in try FeedReads.outbox(kind: kind, after: id, limit: limit, in: db) }
    }

    package func removeFromOutbox(_ ids: [Int64]) async throws(StoreError) {
        try await writer.perform(bytes: ids.count * 8) { db in try OutboxMutations.remove(ids, in: db) }
    }

    package func beginClaim(
        owner: String, at now: Timestamp, lease: Duration
    ) async throws(StoreError) -> WorkClaim {
        try await writer.perform(bytes: 0, isCheck: true) { db in
            try StoredTerm.begin(owner: owner, at: now, lease: lease, in: db)
        }
    }

    package func claimTasksWithWork(
        _ claim: WorkClaim, after id: TaskID?, limit: Int
    ) async throws(StoreError) -> [TaskRecord] {
        try await readers.read { db in
            try TaskReads.tasksWithWork(claim, after: id, limit: limit, in: db)
        }
    }

    /// The store's file, free of symbolic links.
    package var path: String { files.path }

    package var sequence: Int64 { writer.sequence }

    package func identity() async throws(StoreError) -> StoreIdentity {
        try await readers.read { db in try StoredIdentity.read(db) }
    }

    package func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64
    ) async throws(StoreError) {
        try await writer.perform(bytes: 0, isCheck: true) { db in
            try StoredIdentity.setRestoration(phase, raisingSequenceTo: sequence, in: db)
        }
    }

    package func setArchiveID(_ id: String) async throws(StoreError) {
        try await writer.perform(bytes: 0, isCheck: true) { db in try StoredIdentity.setArchive(id, in: db) }
    }

    /// Looks through the file if damage was seen; writes; and sees that there is room for jobs.
    package func check() async throws(StoreError) {
        if faults.sawDamage {
            try await readers.read { db in try TaskReads.checkIntegrity(db) }
            faults.markIntact()
            // The writer forgets damaged pages too; the readers do when they see its next commit.
            try await writer.perform(bytes: 0, isCheck: true) { db in
                try db.execute(sql: "PRAGMA shrink_memory")
            }
        }
        try await writer.perform(bytes: 0, isCheck: true) { db in try TaskMutations.touch(db) }
        try files.checkRoom()
    }

    /// Says that `close` will follow, so that the next gateway waits for the store instead of giving up.
    package func announceClosing() { lock.withLock { $0?.announceClosing() } }

    /// Writes what is pending, moves the log into the file and releases the store for another gateway.
    package func close() async {
        guard let held = lock.withLock({ $0.take() }) else { return }
        await readers.close()
        await writer.close()
        // Fails only while statements run, and none do any more.
        try? database.close()
        // Last: who gets the lock now finds everything written.
        held.release()
    }
}

extension [OutboxMessage] {
    /// About how many bytes they hold in memory.
    fileprivate var bytes: Int { reduce(0) { $0 + $1.payload.count + 200 } }
}
