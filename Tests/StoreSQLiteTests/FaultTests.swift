import Foundation
import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

@Suite struct FaultTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("reelgate.db")
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a file system needs root"))
    func `a full disk loses nothing, and the store works again once there is room`() async throws {
        let disk = try SmallDisk(megabytes: 4, in: folder)
        let ballast = disk.path("ballast")
        try Data(count: 2 << 20).write(to: URL(filePath: ballast))
        let store = try SQLiteTaskStore.open(path: disk.path("reelgate.db"))
        var admitted = 0
        var failure = StoreErrorKind.none
        while failure == .none, admitted < 200 {
            failure = await kind { () throws(StoreError) in
                _ = try await store.admit(StoreExample.admission(admitted, bytes: 60_000))
            }
            if failure == .none { admitted += 1 }
        }
        #expect(failure == .full)
        #expect(admitted > 0)
        #expect(try await store.unfinishedTasks().count == admitted)

        try FileManager.default.removeItem(atPath: ballast)
        #expect(try await store.admit(StoreExample.admission(admitted, bytes: 60_000)).isAdmitted)
        await store.close()
        let again = try SQLiteTaskStore.open(path: disk.path("reelgate.db"))
        #expect(try await again.unfinishedTasks().count == admitted + 1)
        await again.close()
    }

    @Test func `a moved store rejects writes until it is moved back`() async throws {
        for suffix in ["", "-wal", "-shm"] {
            let path = path + suffix.dropFirst() + ".db"
            let store = try SQLiteTaskStore.open(path: path)
            #expect(try await store.admit(StoreExample.admission(1)).isAdmitted)
            try FileManager.default.moveItem(atPath: path + suffix, toPath: path + ".moved")
            let away = await kind { () throws(StoreError) in
                _ = try await store.admit(StoreExample.admission(2))
            }
            #expect(away == .unavailable)
            // A second copy of its jobs could be sent again: there is none, whatever is asked for.
            #expect(await kind { () throws(StoreError) in try await store.check() } == .unavailable)
            #expect(!FileManager.default.fileExists(atPath: path + suffix))
            try FileManager.default.moveItem(atPath: path + ".moved", toPath: path + suffix)
            #expect(try await store.admit(StoreExample.admission(3)).isAdmitted)
            #expect(try await store.task(StoreExample.admission(2).record.id) == nil)
            await store.close()
        }
    }

    @Test func `a visitor's lock fails all changes of that moment and none later`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        let first = StoreExample.admission(1)
        _ = try await store.admit(first)
        var staying = Configuration()
        staying.allowsUnsafeTransactions = true
        let visitor = try DatabaseQueue(path: path, configuration: staying)
        try await visitor.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        async let change = kind { () throws(StoreError) in
            _ = try await store.save(StoreExample.cancellation(of: first.record))
        }
        async let admission = kind { () throws(StoreError) in
            _ = try await store.admit(StoreExample.admission(2))
        }
        #expect(await [change, admission] == [.locked, .locked])
        #expect(try await store.task(first.record.id) == first.record)
        try await visitor.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try visitor.close()
        #expect(try await store.save(StoreExample.cancellation(of: first.record)).isSaved)
        await store.close()
    }

    @Test func `a closed store reports that it is closed`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        await store.close()
        await store.close()
        let write = await kind { () throws(StoreError) in
            _ = try await store.admit(StoreExample.admission(1))
        }
        let read = await kind { () throws(StoreError) in _ = try await store.task(TaskID("x")) }
        #expect([write, read] == [.unavailable, .unavailable])
    }

    @Test func `names that would be cut at a NUL are refused`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        var admission = StoreExample.admission(1)
        admission.claim = IdempotencyClaim(client: "open", key: "k\u{0}1", fingerprint: "aa")
        let found = await kind { [admission] () throws(StoreError) in _ = try await store.admit(admission) }
        #expect(found == .oneTask)
        await store.close()
    }
}
