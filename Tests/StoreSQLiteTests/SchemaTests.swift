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
        #expect(try await store.save(change))
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
        for bits in 1..<32 {
            var query = TaskQuery()
            if bits & 1 != 0 { query.client = "x" }
            if bits & 2 != 0 { query.model = "x" }
            if bits & 4 != 0 { query.status = .pending }
            if bits & 8 != 0 { query.state = .running }
            if bits & 16 != 0 { query.after = TaskID("x") }
            try await expectIndex(TaskReads.listing(query, limit: 21), in: store)
        }
        try await expectIndex((TaskReads.tasksWithWork(after: nil), [10]), in: store)
        try await expectIndex((TaskReads.tasksWithWork(after: TaskID("x")), ["x", 10]), in: store)
        try await expectIndex((TaskReads.withContent, [10]), in: store)
        try await expectIndex((EventTable.page, [1, 10]), in: store)
        try await expectIndex((EventTable.history, ["x"]), in: store)
        try await expectIndex((OutboxTable.page, ["x", 1, 10]), in: store)
        await store.close()
    }

    /// A column that stays would cost its indices an entry each time.
    @Test func `a change writes the columns that differ, and finds its task by its id`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
        let before = StoreExample.admission(1).record
        let update = TaskUpdate.from(before, to: StoreExample.cancellation(of: before).record)
        #expect(update.columns == [.state, .status, .version])
        let plan = try await store.database.read { db in
            try Row.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + update.sql, arguments: ["x", "x", 2, "x", 1, "x"]
            )
            .map { $0["detail"] as String }
        }
        #expect(plan == ["SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id=?)"])
        await store.close()
    }

    private func expectIndex(
        _ question: (sql: String, arguments: [(any DatabaseValueConvertible)?]), in store: SQLiteTaskStore
    ) async throws {
        let arguments = StatementArguments(question.arguments)
        let plan = try await store.database.read { [sql = question.sql] db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                .map { $0["detail"] as String }
        }
        // A scan of a partial index reads what is asked for and nothing else.
        let scans = plan.filter { $0.hasPrefix("SCAN") && !$0.contains("USING INDEX tasks_") }
        #expect(scans.isEmpty, "\(question.sql): \(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(question.sql): \(plan)")
    }
}
