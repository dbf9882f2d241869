import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

@Suite struct SchemaTests {
    @Test func `events can neither be changed nor deleted`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        _ = try await store.admit(StoreExample.admission(1))
        for sql in ["UPDATE events SET name = 'x'", "DELETE FROM events", "DELETE FROM tasks"] {
            await #expect(throws: DatabaseError.self, "\(sql)") {
                try await store.database.write { try $0.execute(sql: sql) }
            }
        }
        #expect(try await store.events(of: StoreExample.admission(1).record.id).map(\.name) == ["admitted"])
        await store.close()
    }

    @Test func `a number of an event is not used again when events are deleted`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("reelgate.db")
        let store = try SQLiteTaskStore.open(path: path)
        for number in 1...3 { _ = try await store.admit(StoreExample.admission(number)) }
        await store.close()
        try edit(path, "DROP TRIGGER events_no_delete; DELETE FROM events WHERE sequence > 1")
        let next = try SQLiteTaskStore.open(path: path)
        _ = try await next.admit(StoreExample.admission(4))
        #expect(try await next.events(after: 0, limit: 9).map(\.sequence) == [1, 4])
        await next.close()
    }

    @Test func `a full outbox fails changes with messages, and no others`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("reelgate.db")
        let store = try SQLiteTaskStore.open(path: path)
        var admission = StoreExample.admission(1)
        admission.outbox = [OutboxMessage(kind: "delivery", payload: [1])]
        _ = try await store.admit(admission)
        try await store.database.write { db in
            try db.execute(sql: "UPDATE outbox SET id = id - ?", arguments: [OutboxMessage.rowsMax])
            try db.execute(sql: "INSERT INTO outbox (kind, task, created, payload) VALUES ('x', 1, 0, x'00')")
        }
        let change = StoreExample.cancellation(of: admission.record)
        var announced = change
        announced.outbox = admission.outbox
        let found = await kind { [announced] () throws(StoreError) in _ = try await store.save(announced) }
        #expect(found == .oneTask)
        #expect(try await store.save(change).isSaved)
        await store.close()
    }

    @Test func `a task in no known state cannot be stored`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        _ = try await store.admit(StoreExample.admission(1))
        for column in ["state", "status", "provider_status"] {
            await #expect(throws: DatabaseError.self) {
                try await store.database.write { try $0.execute(sql: "UPDATE tasks SET \(column) = 'lost'") }
            }
        }
        await store.close()
    }

    @Test func `results of versions that published verified ones only are read as such`() throws {
        let written = """
            [{"contentType":"video/mp4","bytes":1,"sha256":"a"},{"contentType":"x","bytes":2,"sha256":"b"}]
            """
        let results = try StoredList.list(of: StoredResult.self, in: written).enumerated()
            .map { $1.result(at: $0) }
        #expect(
            results == [
                ArchivedResult(contentType: "video/mp4", bytes: 1, sha256: "a"),
                ArchivedResult(contentType: "x", bytes: 2, sha256: "b", fileIndex: 1),
            ])
    }

    /// With a million tasks the difference between milliseconds and seconds.
    @Test func `no way of asking sorts or scans the tasks`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        for query in queries where query != TaskQuery() {
            let listing = TaskListing(query, limit: 21)
            try await expectIndex((listing.sql, listing.arguments), in: store)
        }
        try await expectIndex((TaskReads.tasksWithWork(after: nil), [10]), in: store)
        try await expectIndex((TaskReads.tasksWithWork(after: TaskID("x")), ["x", 10]), in: store)
        for order in [ContentQuery.Order.archived, .expiry(by: nil), .unnoticedExpiry(by: nil)] {
            let first = ContentReads.sql(of: ContentQuery(order, limit: 10))
            try await expectIndex((first, [10]), in: store)
            let next = ContentReads.sql(of: ContentQuery(order, after: TaskID("x"), limit: 10))
            try await expectIndex((next, ["x", 10]), in: store)
        }
        let due = ContentReads.sql(of: ContentQuery(.expiry(by: Timestamp(milliseconds: 1)), limit: 10))
        try await expectIndex((due, [1, 10]), in: store)
        let sum = try await plan(of: ContentReads.sum, [], in: store)
        #expect(sum == ["SCAN tasks USING COVERING INDEX tasks_with_content"])
        try await expectIndex((EventTable.page, [1, 10]), in: store)
        try await expectIndex((EventTable.history, ["x"]), in: store)
        try await expectIndex((StoredUsage.consumptionOfClient, ["x", 1]), in: store)
        let sums: [(String, StatementArguments)] = [
            (StoredUsage.openTasks, ["x", 1]), (StoredUsage.jobs, ["x", 1, 1]),
            (StoredUsage.consumptionOfAll, [1]), (StoredUsage.consumptionOfResubmitted, [1, "x"]),
            (UsageReads.resubmitted, [1, "x"]),
        ]
        for (sql, arguments) in sums {
            let plan = try await plan(of: sql, arguments, in: store)
            #expect(!plan.contains { $0.contains("SCAN tasks") || $0.contains("TEMP B-TREE") }, "\(plan)")
        }
        try await expectIndex((OutboxTable.page, ["x", 1, 10]), in: store)
        await store.close()
    }

    @Test func `what is pending is found in the order of its time, without sorting`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        let hosts = ["a", "b"]
        let due = try await plan(
            of: DeliveryTable.pending(excluding: 2), StatementArguments(hosts + hosts) + [10], in: store)
        #expect(due.contains("SEARCH deliveries USING INDEX deliveries_pending (next>?)"), "\(due)")
        #expect(due.contains("SEARCH notices USING COVERING INDEX notices_pending (next>?)"), "\(due)")
        #expect(!due.contains { $0.contains("SCAN tasks") || $0.contains("TEMP B-TREE") }, "\(due)")
        await store.close()
    }

    /// A column that stays would cost its indices an entry each time.
    @Test func `a change writes the columns that differ, and finds its task by its id`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        let before = StoreExample.admission(1).record
        let update = TaskUpdate(from: before, to: StoreExample.cancellation(of: before).record)
        #expect(update.columns == [.state, .status, .version])
        let plan = try await plan(of: update.sql, ["x", "x", 2, 1, 1, "x"], in: store)
        #expect(plan == ["SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)"])
        let search = try await self.plan(of: WriteStatements.Name.findTask.sql, ["x"], in: store)
        #expect(search == ["SEARCH tasks USING COVERING INDEX sqlite_autoindex_tasks_1 (id=?)"])
        await store.close()
    }

    /// For `x IN (…)` with more than two constants it fills a temporary table each time.
    @Test func `no write of a task fills a temporary table`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        let writes = WriteStatements.Name.allCases.map(\.sql) + [TaskUpdate.whole.sql]
        for sql in writes {
            let operations = try await store.database.read { db in
                let values = Array(repeating: "1", count: sql.count { $0 == "?" })
                return try Row.fetchAll(db, sql: "EXPLAIN " + sql, arguments: StatementArguments(values))
                    .map { $0["opcode"] as String }
            }
            #expect(!operations.isEmpty && !operations.contains("OpenEphemeral"), "\(sql)")
        }
        await store.close()
    }

    /// Every combination of filters, each with each value that it can have.
    private var queries: [TaskQuery] {
        let statuses: [TaskStatus?] = [nil] + TaskStatus.allCases
        let states: [TaskState?] = [nil] + TaskState.allCases
        return statuses.flatMap { status in
            states.flatMap { state in
                (0..<8).map { bits in
                    var query = TaskQuery()
                    query.status = status
                    query.state = state
                    if bits & 1 != 0 { query.client = "x" }
                    if bits & 2 != 0 { query.model = "x" }
                    if bits & 4 != 0 { query.after = TaskID("x") }
                    return query
                }
            }
        }
    }

    private func expectIndex(
        _ question: (sql: String, arguments: [(any DatabaseValueConvertible)?]), in store: SQLiteTaskStore
    ) async throws {
        let plan = try await plan(of: question.sql, StatementArguments(question.arguments), in: store)
        // A scan of a partial index reads what is asked for and nothing else.
        let scans = plan.filter { $0.hasPrefix("SCAN") && !$0.contains("USING INDEX tasks_") }
        #expect(scans.isEmpty, "\(question.sql): \(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(question.sql): \(plan)")
    }

    private func plan(
        of sql: String, _ arguments: StatementArguments, in store: SQLiteTaskStore
    ) async throws -> [String] {
        try await store.database.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                .map { $0["detail"] as String }
        }
    }
}
