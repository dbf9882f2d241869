import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

@Suite struct AuditTests {
    private let folder: TemporaryFolder
    private let store: SQLiteTaskStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteTaskStore.open(path: folder.path("reelgate.db"))
    }

    /// Appends records at these times.
    private func append(_ times: [Int64]) async throws {
        for time in times {
            try await store.append(
                AuditRecord(at: Timestamp(milliseconds: time), actor: "a", .clientSet, .done))
        }
    }

    /// Returns the times of a page that may read so many rows, and where the next one begins.
    private func page(_ query: AuditQuery, rows: Int64) async throws -> (times: [Int64], next: Int64?) {
        let page = try await store.database.read { try AuditReads.page(query, in: $0, windowMax: rows) }
        return (page.entries.map(\.record.at.milliseconds), page.next)
    }

    @Test func `records can neither be changed nor deleted`() async throws {
        try await append([1])
        for sql in ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"] {
            await #expect(throws: DatabaseError.self, "\(sql)") {
                try await store.database.write { try $0.execute(sql: sql) }
            }
        }
        await store.close()
    }

    @Test func `a page reads a bounded number of rows, whatever it finds`() async throws {
        try await append([1, 2, 3, 4, 5])
        var query = AuditQuery()
        query.client = "nobody"
        var (found, next) = try await page(query, rows: 2)
        #expect(found == [] && next == 4)
        query.before = next
        (found, next) = try await page(query, rows: 2)
        #expect(found == [] && next == 2)
        query.before = next
        (found, next) = try await page(query, rows: 2)
        #expect(found == [] && next == nil)
        await store.close()
    }

    @Test func `a listing since a time ends after a window of older rows, not at the first one`() async throws
    {
        // The clock was wrong for one row.
        try await append([1, 2, 3, 11, 5, 12, 13])
        var query = AuditQuery()
        query.since = Timestamp(milliseconds: 10)
        var (found, next) = try await page(query, rows: 2)
        #expect(found == [13, 12] && next == 6)
        query.before = next
        (found, next) = try await page(query, rows: 2)
        #expect(found == [11] && next == 4)
        query.before = next
        (found, next) = try await page(query, rows: 2)
        #expect(found == [] && next == nil)
        await store.close()
    }

    @Test func `an empty audit is one empty page, also before a sequence`() async throws {
        var query = AuditQuery()
        for before in [nil, 1, Int64.max] {
            query.before = before
            #expect(try await store.auditPage(matching: query) == AuditPage(entries: [], next: nil))
        }
        await store.close()
    }
}
