package import Gateway
import GRDB
import Synchronization
package import VideoJobs

/// Tasks in one SQLite file.
///
/// One writer commits in groups (`GroupWriter`), a few readers read beside it, a lock keeps other gateways
/// out.
package final class SQLiteTaskStore: TaskStore {
    let database: DatabaseQueue
    let writer: GroupWriter
    private let readers: StoreReaders
    private let faults: StoreFaults
    private let lock: Mutex<StoreLock?>

    /// Opens the store at a path, making folder and file where there are none; brings its tables up to date.
    package static func open(path: String) throws(StoreFailure) -> SQLiteTaskStore {
        try SQLiteTaskStore(path: path, limits: PendingMutations.Limits())
    }

    init(path: String, limits: PendingMutations.Limits) throws(StoreFailure) {
        let files = try StoreFiles.locate(path)
        let lock = try StoreLock(files)
        try files.makeFile(lock)
        self.faults = StoreFaults(files: files)
        let connections = try StoreOpening(files: files, faults: faults).open()
        self.database = connections.writer
        self.writer = GroupWriter(connections.writer, faults: faults, limits: limits)
        self.readers = StoreReaders(connections.readers, faults: faults)
        self.lock = Mutex(lock)
    }

    package func admit(_ admission: Admission) async throws(StoreFailure) -> AdmissionOutcome {
        try TaskMutations.checkNames(in: admission)
        return try await writer.perform(bytes: admission.payload.count + 1_000) { db in
            try TaskMutations.admit(admission, in: db)
        }
    }

    package func save(_ change: TaskChange) async throws(StoreFailure) -> Bool {
        try await writer.perform(bytes: 1_000) { db in try TaskMutations.save(change, in: db) }
    }

    package func task(_ id: TaskID) async throws(StoreFailure) -> TaskRecord? {
        try await readers.read { db in try TaskReads.task(id, in: db) }
    }

    package func task(providerTaskID id: ProviderTaskID) async throws(StoreFailure) -> TaskRecord? {
        try await readers.read { db in try TaskReads.task(id, in: db) }
    }

    package func payload(of id: TaskID) async throws(StoreFailure) -> [UInt8]? {
        try await readers.read { db in try TaskReads.payload(of: id, in: db) }
    }

    package func tasks(matching query: TaskQuery) async throws(StoreFailure) -> TaskPage {
        try await readers.read { db in try TaskReads.page(query, in: db) }
    }

    package func tasksWithWork(after id: TaskID?, limit: Int) async throws(StoreFailure) -> [TaskRecord] {
        try await readers.read { db in try TaskReads.tasksWithWork(after: id, limit: limit, in: db) }
    }

    package func tasksWithContent(limit: Int) async throws(StoreFailure) -> [TaskRecord] {
        try await readers.read { db in try TaskReads.tasksWithContent(limit: limit, in: db) }
    }

    package func events(of id: TaskID) async throws(StoreFailure) -> [TaskEventRecord] {
        try await readers.read { db in try TaskReads.events(of: id, in: db) }
    }

    /// Writes what is pending, moves the log into the file and releases the store for another gateway.
    package func close() async {
        guard let held = lock.withLock({ $0.take() }) else { return }
        await readers.close()
        await writer.close()
        // Fails only while statements run, and none do any more.
        try? database.close()
        // Last: who gets the lock now finds everything written.
        extendLifetime(held)
    }
}
