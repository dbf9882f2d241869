import Foundation
import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

/// Database files that a disk or a hand has damaged.
@Suite struct TornFileTests {
    static let pageSize = 4_096

    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("reelgate.db")
    }

    @Test(arguments: [0.9, 0.5, 0.1])
    func `a file that was cut short is refused at the start and left as it is`(_ part: Double) async throws {
        try await makeStore()
        let whole = try Data(contentsOf: URL(filePath: path))
        let torn = whole.prefix(Int(Double(whole.count) * part))
        try torn.write(to: URL(filePath: path))
        guard case .damaged(let message)? = openingError(of: path) else {
            Issue.record("it opened")
            return
        }
        #expect(message.contains("restore a copy"))
        #expect(try Data(contentsOf: URL(filePath: path)) == torn)
    }

    @Test func `a file whose header is garbage is refused at the start`() async throws {
        try await makeStore()
        try overwrite(0..<100)
        #expect(
            await kind { () throws(StoreError) in _ = try SQLiteTaskStore.open(path: path) } == .damaged)
    }

    @Test func `a log with half a frame at its end gives back all that was committed`() async throws {
        let image = try await crashImage(tasks: 20)
        let log = try FileHandle(forWritingTo: URL(filePath: image + "-wal"))
        try log.seekToEnd()
        try log.write(contentsOf: Data(repeating: 0xA5, count: Self.pageSize / 2))
        try log.close()
        try await expect(20, in: image)
    }

    @Test func `a log cut in its last frame gives back all but the last commit`() async throws {
        let image = try await crashImage(tasks: 20)
        let size = try #require(
            FileManager.default.attributesOfItem(atPath: image + "-wal")[.size] as? UInt64)
        let log = try FileHandle(forWritingTo: URL(filePath: image + "-wal"))
        try log.truncate(atOffset: size - UInt64(Self.pageSize / 2))
        try log.close()
        try await expect(19, in: image)
    }

    @Test func `pages that are overwritten under a running store are damage, and no crash`() async throws {
        try await makeStore()
        let store = try SQLiteTaskStore.open(path: path)
        let size = try Data(contentsOf: URL(filePath: path)).count
        try overwrite(Self.pageSize..<size)
        var failures: [StoreErrorKind] = []
        for number in 0..<200 {
            failures.append(
                await kind { () throws(StoreError) in
                    _ = try await store.task(StoreExample.admission(number).record.id)
                })
        }
        #expect(Set(failures) == [.damaged])
        // A write alone may still work: the check looks through the file.
        #expect(await kind { () throws(StoreError) in try await store.check() } == .damaged)
        let admitted = await kind { () throws(StoreError) in
            _ = try await store.admit(StoreExample.admission(1_000))
        }
        #expect(admitted == .damaged)
        await store.close()
    }

    @Test func `a store is whole again when its pages are`() async throws {
        try await makeStore()
        let store = try SQLiteTaskStore.open(path: path)
        let whole = try Data(contentsOf: URL(filePath: path))
        try overwrite(Self.pageSize..<whole.count)
        let id = StoreExample.admission(1).record.id
        // Every connection has read damaged pages, and must forget them.
        for _ in 0..<10 {
            #expect(await kind { () throws(StoreError) in _ = try await store.task(id) } == .damaged)
        }
        let first = StoreExample.admission(1_000)
        #expect(await kind { () throws(StoreError) in _ = try await store.admit(first) } == .damaged)
        try write(whole, at: 0)
        try await store.check()
        for _ in 0..<10 { #expect(try await store.task(id) != nil) }
        #expect(try await store.admit(first).isAdmitted)
        await store.close()
    }

    /// Two hundred tasks, all in the file and none in its log.
    private func makeStore() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        for number in 0..<200 { _ = try await store.admit(StoreExample.admission(number)) }
        await store.close()
    }

    /// File and log of a store as a kill would leave them, one commit a task.
    private func crashImage(tasks: Int) async throws -> String {
        let store = try SQLiteTaskStore.open(path: path)
        for number in 0..<tasks { _ = try await store.admit(StoreExample.admission(number)) }
        let image = folder.path("image.db")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: image + suffix)
        }
        await store.close()
        return image
    }

    private func expect(_ count: Int, in image: String) async throws {
        let store = try SQLiteTaskStore.open(path: image)
        #expect(try await store.unfinishedTasks().count == count)
        #expect(try await store.admit(StoreExample.admission(500)).isAdmitted)
        await store.close()
    }

    private func overwrite(_ range: Range<Int>) throws {
        try write(Data(repeating: 0xA5, count: range.count), at: range.lowerBound)
    }

    private func write(_ bytes: Data, at offset: Int) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: bytes)
        try file.close()
    }
}
