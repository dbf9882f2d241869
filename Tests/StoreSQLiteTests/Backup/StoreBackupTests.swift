import Foundation
import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

/// Backups of a store, and what they hold.
@Suite struct StoreBackupTests {
    let folder: TemporaryFolder
    let path: String
    private let now = Timestamp(milliseconds: 1_796_000_000_000)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("reelgate.db")
    }

    private func backup(to name: String) -> StoreBackup {
        StoreBackup(of: path, to: folder.path(name)) { "videos/\($0.task)-\($0.index).mp4" }
    }

    private func run(_ name: String) throws -> StoreSummary {
        try backup(to: name).run(at: now, by: "test", StoreCopyStop())
    }

    private func read<Value>(_ name: String, _ sql: String, of _: Value.Type) throws -> [Value]
    where Value: DatabaseValueConvertible {
        let database = try DatabaseQueue(path: folder.path(name))
        return try database.read { try Value.fetchAll($0, sql: sql) }
    }

    private func files() throws -> Set<String> {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(""))
        return Set(names.filter { !$0.hasPrefix("reelgate.db") })
    }

    @Test func `a backup while jobs are admitted has all that were durable before, at one moment`()
        async throws
    {
        let store = try SQLiteTaskStore.open(path: path)
        for number in 0..<200 { _ = try await store.admit(StoreExample.admission(number, bytes: 20_000)) }
        try await withThrowingTaskGroup { group in
            for writer in 1...4 {
                group.addTask {
                    for number in 0..<250 {
                        let admission = StoreExample.admission(writer * 10_000 + number, bytes: 5_000)
                        _ = try await store.admit(admission)
                    }
                }
            }
            group.addTask {
                for number in 0..<4 {
                    let before = store.sequence
                    let summary = try run("backup-\(number)")
                    #expect(summary.sequence >= before && summary.tasks >= 200)
                }
            }
            try await group.waitForAll()
        }
        for number in 0..<4 {
            let name = "backup-\(number)"
            #expect(try read(name, "PRAGMA integrity_check", of: String.self) == ["ok"])
            let counts = try ["tasks", "payloads", "events"].map {
                try read(name, "SELECT count(*) FROM \($0)", of: Int.self)
            }
            #expect(Set(counts).count == 1, "\(counts)")
        }
        #expect(try files() == ["backup-0", "backup-1", "backup-2", "backup-3"])
        await store.close()
    }

    @Test func `the file is for this user alone, in one piece, and marked as older than what was sent`()
        async throws
    {
        let store = try SQLiteTaskStore.open(path: path)
        _ = try await store.admit(StoreExample.admission(1))
        let summary = try run("backup")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("backup"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int64 == summary.bytes)
        #expect(try Data(contentsOf: URL(filePath: folder.path("backup")))[18..<20] == Data([1, 1]))
        #expect(try read("backup", "SELECT restoration FROM store", of: String.self) == ["detected"])
        #expect(try read("backup", "SELECT taken FROM backup", of: Int64.self) == [now.milliseconds])
        #expect(try await store.identity().restoration == nil)
        #expect(try files() == ["backup"])
        await store.close()
    }

    @Test func `it lists the videos that are in the archive`() async throws {
        let kept = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Corpus/schema-4/reelgate.db")
        try Data(contentsOf: kept).write(to: URL(filePath: path))
        await (try SQLiteTaskStore.open(path: path)).close()
        let summary = try run("backup")
        #expect(summary.videos == 2 && summary.tasks == 14)
        #expect(
            try read(
                "backup", "SELECT path || ' ' || bytes FROM backup_videos ORDER BY path", of: String.self)
                == [
                    "videos/task-rg-1795960754-n0bd1adk4u8t-0.mp4 1443",
                    "videos/task-rg-1795960759-0o7xim7hc914-0.mp4 1443",
                ])
    }

    @Test func `sessions of browsers are not in it`() async throws {
        await (try SQLiteTaskStore.open(path: path)).close()
        try edit(
            path,
            """
            PRAGMA foreign_keys = OFF;
            INSERT INTO sessions VALUES (zeroblob(32), 'open', zeroblob(32), 0, 9)
            """)
        _ = try run("backup")
        #expect(try read("backup", "SELECT count(*) FROM sessions", of: Int.self) == [0])
    }

    @Test func `a file that exists is never replaced, nor a link`() async throws {
        await (try SQLiteTaskStore.open(path: path)).close()
        try Data("mine".utf8).write(to: URL(filePath: folder.path("backup")))
        #expect(throws: StoreCopyError.self) { try run("backup") }
        #expect(try Data(contentsOf: URL(filePath: folder.path("backup"))) == Data("mine".utf8))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("nowhere"))
        #expect(throws: StoreCopyError.self) { try run("link") }
        #expect(try files() == ["backup", "link"])
    }

    @Test func `what a killed backup left is replaced, also a second name of a finished one`() async throws {
        await (try SQLiteTaskStore.open(path: path)).close()
        try Data("half".utf8).write(to: URL(filePath: folder.path("one.part")))
        _ = try run("one")
        // A kill between the two names of a file; then the operator moved the finished one.
        try FileManager.default.linkItem(atPath: folder.path("one"), toPath: folder.path("one.part"))
        try FileManager.default.moveItem(atPath: folder.path("one"), toPath: folder.path("moved"))
        _ = try run("one")
        #expect(try files() == ["one", "moved"])
        #expect(try read("moved", "PRAGMA integrity_check", of: String.self) == ["ok"])
    }

    @Test func `a stopped or failed backup leaves nothing`() async throws {
        await (try SQLiteTaskStore.open(path: path)).close()
        let stop = StoreCopyStop()
        stop.stop()
        #expect(throws: StoreCopyError.interrupted) { try backup(to: "one").run(at: now, by: "test", stop) }
        var other = backup(to: "one")
        other.expected = StoreIdentity(id: "another", sequence: 0)
        let failed = other
        #expect(throws: StoreCopyError.self) { try failed.run(at: now, by: "test", StoreCopyStop()) }
        try edit(path, "PRAGMA application_id = 7")
        #expect(throws: StoreCopyError.self) { try run("one") }
        #expect(try files() == [])
    }

    @Test func `a damaged store gives no backup`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        for number in 0..<50 { _ = try await store.admit(StoreExample.admission(number, bytes: 20_000)) }
        await store.close()
        var bytes = try Data(contentsOf: URL(filePath: path))
        // The last page of an index or of a table, whichever it is.
        bytes.replaceSubrange((bytes.count - 4_096)..., with: Data(repeating: 0xA5, count: 4_096))
        let middle = bytes.count / 2 / 4_096 * 4_096
        bytes.replaceSubrange(middle..<(middle + 4_096), with: Data(repeating: 0x5A, count: 4_096))
        try bytes.write(to: URL(filePath: path))
        #expect(throws: StoreCopyError.self) { try run("one") }
        #expect(try files() == [])
    }
}
