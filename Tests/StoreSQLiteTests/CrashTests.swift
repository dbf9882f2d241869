import Foundation
import Gateway
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

@Suite struct CrashTests {
    @Test func `what was acknowledged before a SIGKILL is there after it`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("reelgate.db")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try await Self.admitUntilKilled(path)
        }
        let lines = try String(contentsOfFile: path + ".acknowledged", encoding: .utf8).split(separator: "\n")
        let acknowledged = Set(lines.compactMap { Int($0) })
        #expect(acknowledged.contains(150))

        // The kernel has released the lock; the log is read again.
        let store = try SQLiteTaskStore.open(path: path)
        let stored = Set(try await store.unfinishedTasks().map(\.id))
        for number in acknowledged { #expect(stored.contains(StoreExample.admission(number).record.id)) }
        for id in stored { #expect(try await store.payload(of: id)?.count == 600) }
        await store.close()
    }

    /// Notes what was acknowledged, and dies in the midst of it.
    private static func admitUntilKilled(_ path: String) async throws {
        let store = try SQLiteTaskStore.open(path: path)
        let journal = unsafe open(path + ".acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        await withDiscardingTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    let outcome = try? await store.admit(StoreExample.admission(number))
                    guard outcome?.isAdmitted == true else { return }
                    let line = Array("\(number)\n".utf8)
                    unsafe write(journal, line, line.count)
                    if number == 150 { kill(getpid(), SIGKILL) }
                }
            }
        }
    }
}
