import Gateway
import GRDB
import VideoJobs

/// The writer's transaction, as its mutations see it. Belongs to the writer's queue.
final class WriteTransaction {
    let db: Database
    private let statements: WriteStatements
    /// The number of the last transaction, in the store when this one began.
    private(set) var sequence: Int64
    /// The number of the last event.
    private(set) var eventSequence: Int64
    /// What is to be delivered once it is durable, in order.
    private(set) var changes: [CommittedChange] = []

    /// Reads the numbers from the store and not from memory: a commit that failed may be durable, and a tool
    /// may have put another content into the file.
    init(_ db: Database, _ statements: WriteStatements) throws {
        self.db = db
        self.statements = statements
        let numbers = try statements.statement(.numbers, in: db).integers(in: db)
        guard let numbers, numbers.count == 2 else { throw StoredIdentity.missing }
        sequence = numbers[0]
        eventSequence = numbers[1]
    }

    /// Executes a statement that returns no rows.
    func run(_ name: WriteStatements.Name, _ bind: (inout BoundValues) -> Void) throws {
        try statements.statement(name, in: db).run(in: db, bind)
    }

    /// Executes an update of a task. Returns whether there was a row to update.
    func run(_ update: TaskUpdate, _ bind: (inout BoundValues) -> Void) throws -> Bool {
        try statements.statement(update, in: db).run(in: db, bind)
        return db.changesCount == 1
    }

    /// Returns the row of a task in `tasks`; `nil` if there is none.
    func row(ofTask id: String) throws -> Int64? {
        try statements.statement(.findTask, in: db).integers(in: db) { $0.append(id) }?.first
    }

    /// Returns an update that is prepared, or that may be.
    func prepared(_ update: TaskUpdate) -> TaskUpdate {
        statements.hasRoom(for: update) ? update : .whole
    }

    /// Adds changes that were made before this transaction.
    func add(_ late: [CommittedChange]) { changes += late }

    /// Adds a change of one of its mutations, which ends with the last event.
    func add(_ record: TaskRecord, after before: TaskRecord?) {
        changes.append(CommittedChange(sequence: eventSequence, record: record, before: before))
    }

    /// Forgets the changes of a mutation that was rolled back.
    func forgetChanges(after count: Int) { changes.removeLast(changes.count - count) }

    /// Hands out the number of the next event. The number of a mutation that fails afterwards is skipped.
    func nextEvent() -> Int64 {
        eventSequence += 1
        return eventSequence
    }

    /// Skips the event numbers that lost transactions may have used, and continues after the last of them.
    ///
    /// - Parameter eventsMax: the most events of one transaction.
    func raise(to sequence: Int64, eventsMax: Int64) {
        guard sequence > self.sequence else { return }
        eventSequence += (sequence - self.sequence) * eventsMax
        self.sequence = sequence
    }

    /// Counts the transaction. Returns its number.
    func count() throws -> Int64 {
        sequence += 1
        try run(.setNumbers) { values in
            values.append(sequence)
            values.append(eventSequence)
        }
        return sequence
    }
}
