import Foundation
import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

/// The number of the last commit, which is kept outside the store and must never be ahead of it.
@Suite struct SequenceTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("reelgate.db")
    }

    @Test func `the sequence is reported only after its transaction is durable`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        for number in 0..<20 {
            _ = try await store.admit(StoreExample.admission(number))
            let reported = store.sequence
            // As after a power cut now: what another connection reads is what is committed.
            let copy = try DatabaseQueue(path: path)
            let stored = try await copy.read { try Int64.fetchOne($0, sql: "SELECT sequence FROM store") }
            #expect(stored == reported)
            try copy.close()
        }
        let last = store.sequence
        let failed = await kind { () throws(StoreError) in
            _ = try await store.admit(StoreExample.admission(3))
        }
        #expect(failed == .oneTask)
        #expect(try await store.identity().sequence == store.sequence)
        #expect(store.sequence >= last)
        await store.close()
        let again = try SQLiteTaskStore.open(path: path)
        #expect(again.sequence >= last)
        await again.close()
    }

    @Test func `an online backup has the store's id and its own number`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        _ = try await store.admit(StoreExample.admission(1))
        let backup = try DatabaseQueue(path: folder.path("backup.db"))
        try store.database.backup(to: backup)
        try backup.close()
        _ = try await store.admit(StoreExample.admission(2))
        let (id, last) = (try await store.identity().id, store.sequence)
        await store.close()
        let restored = try SQLiteTaskStore.open(path: folder.path("backup.db"))
        #expect(try await restored.identity().id == id)
        #expect(restored.sequence < last)
        await restored.close()
    }

    @Test func `a store restored while in use rejects writes and is behind at the next start`()
        async throws
    {
        let store = try SQLiteTaskStore.open(path: path)
        _ = try await store.admit(StoreExample.admission(1))
        let backup = try DatabaseQueue(path: folder.path("backup.db"))
        try store.database.backup(to: backup)
        for number in 2..<9 { _ = try await store.admit(StoreExample.admission(number)) }
        let last = store.sequence
        let tool = try DatabaseQueue(path: path)
        try backup.backup(to: tool)
        try tool.close()
        try backup.close()
        for number in 10..<20 {
            let failed = await kind { () throws(StoreError) in
                _ = try await store.admit(StoreExample.admission(number))
            }
            #expect(failed == .unavailable)
        }
        #expect(store.sequence == last)
        await store.close()
        let again = try SQLiteTaskStore.open(path: path)
        #expect(again.sequence < last)
        await again.close()
    }

    @Test func `a rescued store goes on with its id and its number`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        _ = try await store.admit(StoreExample.admission(1))
        let (id, last) = (try await store.identity().id, store.sequence)
        for suffix in ["", "-wal", "-shm", ".lock"] {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        _ = try await store.admit(StoreExample.admission(2))
        #expect(try await store.identity().id == id)
        #expect(store.sequence > last)
        await store.close()
        let again = try SQLiteTaskStore.open(path: path)
        #expect(again.sequence > last)
        await again.close()
    }

    @Test func `two stores have two ids`() async throws {
        let one = try SQLiteTaskStore.open(path: path)
        let other = try SQLiteTaskStore.open(path: folder.path("other.db"))
        #expect(try await one.identity().id != other.identity().id)
        await one.close()
        await other.close()
    }
}
