import Foundation
import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

/// What `restore` accepts, and the store that it makes.
@Suite struct StoreRestorationTests {
    let folder: TemporaryFolder
    let source: String
    let target: String
    private let record = AuditRecord(
        at: Timestamp(milliseconds: 1_796_000_000_000), actor: "socket:0", .restore, .done)

    init() throws {
        folder = try TemporaryFolder()
        source = folder.path("reelgate.db")
        target = folder.path("new/data/reelgate.db")
    }

    private func makeBackup(_ admissions: Int = 3) async throws -> String {
        let store = try SQLiteTaskStore.open(path: source)
        for number in 0..<admissions { _ = try await store.admit(StoreExample.admission(number)) }
        await store.close()
        let file = folder.path("backup")
        _ = try StoreBackup(of: source, to: file) { "\($0.task)" }
            .run(at: record.at, by: "test", StoreCopyStop())
        return file
    }

    private func restore(_ file: String) throws -> StoreRestoration.Outcome {
        try StoreRestoration(of: file, to: target) { "\($0.task)" }
            .run(recording: record, StoreCopyStop()) { _ in }
    }

    private func failure(_ file: String) -> String {
        do { _ = try restore(file) } catch { return (error as? StoreCopyError)?.message ?? "\(error)" }
        return "restored"
    }

    /// The files beside the store, without its lock.
    private func files() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path("new/data"))) ?? []
        return names.filter { !$0.hasSuffix(".lock") }.sorted()
    }

    @Test func `a backup is restored with its tasks, its mark and a line in the audit`() async throws {
        let outcome = try restore(try await makeBackup())
        #expect(outcome.summary.tasks == 3 && outcome.path.hasSuffix("new/data/reelgate.db"))
        #expect(files() == ["reelgate.db"])
        let attributes = try FileManager.default.attributesOfItem(atPath: target)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let store = try SQLiteTaskStore.open(path: target)
        #expect(try await store.identity().restoration == .detected)
        #expect(try await store.tasks(matching: TaskQuery(limit: 10)).tasks.count == 3)
        #expect(try await store.auditPage(matching: AuditQuery()).entries.first?.record == record)
        let tables = try await store.database.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'backup%'")
        }
        #expect(tables == 0)
        await store.close()
    }

    @Test func `a store is never replaced, nor one that waits for its rescue`() async throws {
        let file = try await makeBackup()
        _ = try restore(file)
        let before = try Data(contentsOf: URL(filePath: target))
        #expect(failure(file).contains("there is already a store at"))
        #expect(try Data(contentsOf: URL(filePath: target)) == before)
        try FileManager.default.moveItem(atPath: target, toPath: target + ".rescue")
        #expect(failure(file).contains("there is already a store at"))
        #expect(files() == ["reelgate.db.rescue"])
    }

    @Test func `a store whose file was deleted under its gateway is not replaced`() async throws {
        let file = try await makeBackup()
        let store = try SQLiteTaskStore.open(path: target)
        for suffix in ["", "-wal"] { try FileManager.default.removeItem(atPath: target + suffix) }
        #expect(failure(file).contains("in use by"))
        #expect(!files().contains("reelgate.db"))
        await store.close()
    }

    @Test func `the log of a store that was moved away without it is not applied to the backup`() async throws
    {
        let file = try await makeBackup()
        try FileManager.default.createDirectory(
            atPath: folder.path("new/data"), withIntermediateDirectories: true)
        try Data("a log".utf8).write(to: URL(filePath: target + "-wal"))
        #expect(failure(file).contains("changes of a store that was moved away"))
        #expect(files() == ["reelgate.db-wal"])
    }

    @Test func `a store of an earlier version is migrated and marked`() async throws {
        let kept = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Corpus/schema-4/reelgate.db").standardized.path
        let outcome = try restore(kept)
        #expect(outcome.summary.tasks == 14 && outcome.videos.count == 2)
        #expect(outcome.videos.allSatisfy { $0.bytes == 1443 && $0.sha256.count == 64 })
        let store = try SQLiteTaskStore.open(path: target)
        #expect(try await store.identity().restoration == .detected)
        await store.close()
    }

    @Test(arguments: [
        "missing", "empty", "text", "folder", "truncated", "another program's", "another page", "newer",
        "without tables", "in use",
    ])
    func `a file that is no whole backup is refused, and nothing is left`(_ kind: String) async throws {
        let file = try await makeBackup(40)
        let url = URL(filePath: file)
        var bytes = try Data(contentsOf: url)
        switch kind {
        case "missing": try FileManager.default.removeItem(at: url)
        case "empty": try Data().write(to: url)
        case "text": try Data(String(repeating: "not a database ", count: 900).utf8).write(to: url)
        case "folder":
            try FileManager.default.removeItem(at: url)
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        case "truncated": try bytes.dropLast(8_192).write(to: url)
        case "another program's": try edit(file, "PRAGMA application_id = 7")
        case "another page":
            let middle = bytes.count / 2 / 4_096 * 4_096
            bytes.replaceSubrange(middle..<(middle + 4_096), with: Data(repeating: 0x5A, count: 4_096))
            try bytes.write(to: url)
        case "newer": try edit(file, "INSERT INTO grdb_migrations VALUES ('999 of the future')")
        case "without tables":
            try FileManager.default.removeItem(at: url)
            try edit(file, "PRAGMA application_id = \(StoreSchema.applicationID); CREATE TABLE t (a)")
        default: try Data("a log".utf8).write(to: URL(filePath: file + "-wal"))
        }
        let message = failure(file)
        let expected =
            switch kind {
            case "missing": "there is no file"
            case "empty", "text", "another program's", "without tables": "is no backup of Reelgate"
            case "folder": "is not a file"
            case "newer": "was written by a newer Reelgate"
            case "in use": "is a store in use and no backup"
            default: "is damaged or incomplete"
            }
        #expect(message.contains(expected), "\(kind): \(message)")
        #expect(files() == [], "\(kind)")
    }

    @Test func `a stopped restoration leaves nothing, and what a killed one left is replaced`() async throws {
        let file = try await makeBackup()
        let stop = StoreCopyStop()
        stop.stop()
        #expect(throws: StoreCopyError.interrupted) {
            try StoreRestoration(of: file, to: target) { "\($0.task)" }.run(recording: record, stop) { _ in }
        }
        #expect(files() == [])
        try Data("half".utf8).write(to: URL(filePath: target + ".rescue.part"))
        _ = try restore(file)
        #expect(files() == ["reelgate.db"])
    }
}
