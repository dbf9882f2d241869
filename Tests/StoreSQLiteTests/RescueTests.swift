import Foundation
import Gateway
import GRDB
import Synchronization
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

/// Files of the store that are deleted while it is open.
@Suite struct RescueTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("data/reelgate.db")
    }

    /// What is removed, by the endings of the names; the whole folder is the last.
    static let losses: [[String]] = [
        [""], ["-wal"], ["-shm"], ["", ".lock"], ["-wal", "-shm"], ["", "-wal"], ["", "-shm"],
        ["", "-wal", "-shm", ".lock"], ["/"],
    ]

    @Test(arguments: losses)
    func `what was accepted survives the deletion of files, and a kill after it`(
        _ suffixes: [String]
    ) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, suffixes = suffixes as [String]] in
            let store = try SQLiteTaskStore.open(path: path)
            try await Self.admit(0..<20, to: store)
            try Self.delete(suffixes, of: path)
            // This one finds the store deleted; nothing of it may be lost.
            try await Self.admit(20..<21, to: store)
            kill(getpid(), SIGKILL)
        }
        try await expectTasks(21)
        #expect(try mode(path) == 0o600)
        #expect(!FileManager.default.fileExists(atPath: path + ".rescue"))
    }

    @Test func `a rescue is reported once, and the store continues in the new file`() async throws {
        let reports = Mutex<[String]>([])
        let store = try SQLiteTaskStore.open(path: path) { message in reports.withLock { $0.append(message) }
        }
        for round in 0..<3 {
            try await Self.admit(round * 10..<round * 10 + 10, to: store)
            try Self.delete(["/"], of: path)
            try await store.check()
            #expect(reports.withLock { $0.count } == round + 1)
        }
        #expect(reports.withLock { $0.last }?.contains("was deleted under the running gateway") == true)
        // Read through connections to the new file, and noted there: nothing is kept of the old ones.
        #expect(try await store.unfinishedTasks().count == 30)
        // The old connections close on their own queues, soon.
        for _ in 0..<1_000 {
            if try Self.deletedFilesInUse(below: folder.path("data")).isEmpty { break }
            try await store.check()
        }
        #expect(try Self.deletedFilesInUse(below: folder.path("data")) == [])
        await store.close()
        try await expectTasks(30)
    }

    @Test func `calls in flight during a rescue all complete`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        let admitted = await withTaskGroup(of: Int.self) { group in
            for number in 0..<400 {
                group.addTask { [path] in
                    if number % 100 == 50 { try? Self.delete(["/"], of: path) }
                    let admission = StoreExample.admission(number)
                    // A rescue in the midst of the deletion fails; what was refused was not stored.
                    var tries = 0
                    while tries < 1_000, (try? await store.admit(admission))?.isAdmitted != true {
                        tries += 1
                        try? await store.check()
                    }
                    // Every acknowledged change is found, in either file.
                    return (try? await store.payload(of: admission.record.id)) == nil ? -1_000 : 1
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 400)
        await store.close()
        try await expectTasks(400)
    }

    @Test func `closing a store that was just deleted saves it first`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        try await Self.admit(0..<5, to: store)
        try Self.delete(["/"], of: path)
        async let late: Void = Self.admit(5..<6, to: store)
        try await late
        await store.close()
        try await expectTasks(6)
    }

    @Test func `another file at the path is left alone, and no job is taken until it is gone`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        try await Self.admit(0..<5, to: store)
        try Self.delete(["", "-wal", "-shm"], of: path)
        let content = Data("another file".utf8)
        try content.write(to: URL(filePath: path))
        let refused = await kind { () throws(StoreError) in try await store.check() }
        #expect(refused == .unavailable)
        #expect(try Data(contentsOf: URL(filePath: path)) == content)
        try FileManager.default.removeItem(atPath: path)
        try await store.check()
        await store.close()
        try await expectTasks(5)
    }

    @Test func `a store is not rescued over another gateway that took its place`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        try await Self.admit(0..<5, to: store)
        try Self.delete(["/"], of: path)
        let other = try SQLiteTaskStore.open(path: path)
        try await Self.admit(7..<8, to: other)
        let refused = await kind { () throws(StoreError) in try await store.check() }
        #expect(refused == .unavailable)
        #expect(try await other.unfinishedTasks().count == 1)
        await other.close()
        await store.close()
    }

    @Test func `a lock that was deleted is taken again, and not twice`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        try Self.delete([".lock"], of: path)
        try await store.check()
        guard case .locked? = openingError(of: path) else {
            Issue.record("a second gateway got the store")
            return
        }
        await store.close()
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a file system needs root"))
    func `a rescue without room is tried again by the next check`() async throws {
        let disk = try SmallDisk(megabytes: 16, in: folder)
        let path = disk.path("reelgate.db")
        let store = try SQLiteTaskStore.open(path: path)
        for number in 0..<30 { _ = try await store.admit(StoreExample.admission(number, bytes: 60_000)) }
        try Self.delete([""], of: path)
        try disk.fill()
        #expect(await kind { () throws(StoreError) in try await store.check() } == .unavailable)
        let refused = await kind { () throws(StoreError) in
            _ = try await store.admit(StoreExample.admission(40))
        }
        #expect(refused == .unavailable)
        try disk.free()
        try await store.check()
        #expect(try await store.unfinishedTasks().count == 30)
        await store.close()
    }

    @Test func `a crash during a rescue leaves a copy that the next start adopts`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        try await Self.admit(0..<5, to: store)
        let image = folder.path("image")
        try edit(path, "VACUUM INTO '\(image)'")
        // As it looks between deletion and rename, with the deleted file's log still about.
        let log = try Data(contentsOf: URL(filePath: path + "-wal"))
        await store.close()
        try FileManager.default.removeItem(atPath: path)
        try log.write(to: URL(filePath: path + "-wal"))
        try FileManager.default.moveItem(atPath: image, toPath: path + ".rescue")
        try Data("half a copy".utf8).write(to: URL(filePath: path + ".rescue.part"))
        try await expectTasks(5)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path("data"))
        #expect(left.filter { $0.contains("rescue") } == [])
    }

    @Test func `watching the files takes no lock from SQLite`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        try await Self.admit(0..<1, to: store)
        let locks = try Self.locks(on: path)
        #expect(locks > 0)
        for _ in 0..<10 { _ = try StoreWatch(StoreFiles(path: path)) }
        #expect(try Self.locks(on: path) == locks)
        await store.close()
    }
}

extension RescueTests {
    private static func admit(_ numbers: Range<Int>, to store: SQLiteTaskStore) async throws {
        for number in numbers {
            #expect(try await store.admit(StoreExample.admission(number)).isAdmitted, "\(number)")
        }
    }

    private static func delete(_ suffixes: [String], of path: String) throws {
        for suffix in suffixes {
            let folder = URL(filePath: path).deletingLastPathComponent().path
            try FileManager.default.removeItem(atPath: suffix == "/" ? folder : path + suffix)
        }
    }

    /// Opens the store anew and looks for tasks and payloads.
    private func expectTasks(_ count: Int) async throws {
        let store = try SQLiteTaskStore.open(path: path)
        let tasks = try await store.unfinishedTasks()
        #expect(tasks.count == count)
        for task in tasks { #expect(try await store.payload(of: task.id)?.count == 600) }
        try await store.check()
        await store.close()
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// Our open files below a folder that have no name any more.
    private static func deletedFilesInUse(below folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .filter { $0.hasPrefix(folder) && $0.hasSuffix(" (deleted)") }
    }

    /// How many POSIX locks this process holds on a file.
    private static func locks(on path: String) throws -> Int {
        let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        // SQLite takes a lock by any of its connections' descriptors, for all of them.
        let descriptors = numbers.filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
        }
        return try descriptors.reduce(0) { count, descriptor in
            let text = try String(contentsOfFile: "/proc/self/fdinfo/\(descriptor)", encoding: .utf8)
            let locks = text.split(separator: "\n").filter { $0.hasPrefix("lock:") && $0.contains("POSIX") }
            return count + locks.count
        }
    }
}
