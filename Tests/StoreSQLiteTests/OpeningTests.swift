import Foundation
import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

@Suite struct OpeningTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("reelgate.db")
    }

    @Test func `an opening waits for the end of a command that uses the store`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("reelgate.db")
        let command = try SQLiteTaskStore.open(path: path, isBrief: true)
        let (messages, continuation) = AsyncStream<String>.makeStream()
        let opening = Task.detached { try SQLiteTaskStore.open(path: path) { continuation.yield($0) } }
        var iterator = messages.makeAsyncIterator()
        #expect(await iterator.next()?.hasPrefix("waiting for the store") == true)
        await command.close()
        await (try await opening.value).close()
    }

    @Test func `missing folders and the file are made, for this user alone`() async throws {
        let deep = folder.path("a/b/reelgate.db")
        let store = try SQLiteTaskStore.open(path: deep)
        _ = try await store.admit(StoreExample.admission(1))
        #expect(try mode(folder.path("a")) == 0o700)
        #expect(try mode(folder.path("a/b")) == 0o700)
        for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try mode(deep + suffix) == 0o600, "\(suffix)") }
        await store.close()
    }

    @Test func `a file that others could read is made private`() async throws {
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o666]))
        let store = try SQLiteTaskStore.open(path: path)
        #expect(try mode(path) == 0o600)
        await store.close()
    }

    @Test func `every commit is synced`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        // 2 is FULL. GRDB sets 1 by itself.
        #expect(try await store.database.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
        #expect(
            try await store.database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        #expect(try await store.database.read { try Int.fetchOne($0, sql: "PRAGMA foreign_keys") } == 1)
        await store.close()
    }

    @Test func `a second gateway is rejected with the holder of the store`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        let alias = folder.path("alias.db")
        try FileManager.default.createSymbolicLink(atPath: alias, withDestinationPath: path)
        for other in [path, alias, folder.path("./reelgate.db")] {
            guard case .locked(let message) = openingError(of: other) else {
                Issue.record("\(other) opened a second time")
                continue
            }
            #expect(message.contains("reelgate.db"))
            #expect(message.contains("this very process"))
        }
        await store.close()
        let next = try SQLiteTaskStore.open(path: path)
        await next.close()
    }

    @Test func `another program's database is refused and left as it was`() async throws {
        try edit(path, "CREATE TABLE other (x); INSERT INTO other VALUES (1)")
        let before = try Data(contentsOf: URL(filePath: path))
        #expect(
            await kind { () throws(StoreError) in _ = try SQLiteTaskStore.open(path: path) } == .damaged)
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
    }

    @Test func `a database with another application's id is refused`() async throws {
        try edit(path, "PRAGMA application_id = 252006674")
        #expect(
            await kind { () throws(StoreError) in _ = try SQLiteTaskStore.open(path: path) } == .damaged)
    }

    @Test func `a file that is no database is refused and left as it was`() async throws {
        let message = Data(String(repeating: "Dear diary, ", count: 1_000).utf8)
        try message.write(to: URL(filePath: path))
        #expect(
            await kind { () throws(StoreError) in _ = try SQLiteTaskStore.open(path: path) } == .damaged)
        #expect(try Data(contentsOf: URL(filePath: path)) == message)
    }

    @Test func `a store of a newer version is refused`() async throws {
        await (try SQLiteTaskStore.open(path: path)).close()
        try edit(path, "INSERT INTO grdb_migrations VALUES ('2 something of tomorrow')")
        #expect(await kind { () throws(StoreError) in _ = try SQLiteTaskStore.open(path: path) } == .newer)
    }

    @Test func `tables that are not as we made them are damage`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        _ = try await store.admit(StoreExample.admission(1))
        await store.close()
        try edit(path, "ALTER TABLE tasks RENAME COLUMN progress TO regress")
        let crooked = try SQLiteTaskStore.open(path: path)
        #expect(await kind { () throws(StoreError) in _ = try await crooked.task(TaskID("x")) } == .damaged)
        await crooked.close()
    }

    @Test func `a word that we never wrote is damage, not a crash`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        let admission = StoreExample.admission(1)
        _ = try await store.admit(admission)
        await store.close()
        try edit(path, "PRAGMA ignore_check_constraints = 1; UPDATE tasks SET state = 'lost'")
        let crooked = try SQLiteTaskStore.open(path: path)
        let found = await kind { () throws(StoreError) in _ = try await crooked.task(admission.record.id) }
        #expect(found == .damaged)
        await crooked.close()
    }

    @Test func `a path that cannot be a file is refused`() async throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        for path in [path, path + "/", "/dev/null/reelgate.db", ""] {
            let found = await kind { () throws(StoreError) in _ = try SQLiteTaskStore.open(path: path) }
            #expect(found == .unavailable, "\(path)")
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a file system needs root"))
    func `a disk that may not be written is refused as that`() async throws {
        let disk = try SmallDisk(megabytes: 4, in: folder)
        await (try SQLiteTaskStore.open(path: disk.path("reelgate.db"))).close()
        try disk.remount("ro")
        for name in ["reelgate.db", "other.db", "deep/other.db"] {
            let found = await kind { () throws(StoreError) in
                _ = try SQLiteTaskStore.open(path: disk.path(name))
            }
            #expect(found == .readOnly, "\(name)")
        }
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
