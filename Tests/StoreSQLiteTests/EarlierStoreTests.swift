import Foundation
import Gateway
import GRDB
import Testing
import TestSupport
import VideoJobs

@testable import StoreSQLite

/// A store that the version before migration 5 wrote, with a task in every state.
@Suite struct EarlierStoreTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("reelgate.db")
        let kept = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Corpus/schema-4/reelgate.db")
        try Data(contentsOf: kept).write(to: URL(filePath: path))
    }

    @Test func `it opens with all tasks as they were`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        let tasks = try await store.tasks(matching: TaskQuery(limit: 100)).tasks
        let found = tasks.reversed().map {
            "\($0.state.rawValue) \($0.version) \($0.failure?.code ?? $0.blockReason?.rawValue ?? "-")"
        }
        #expect(
            found == [
                "failed 4 generation_timeout", "completed 5 -", "completed 5 -", "archiving 7 -",
                "failed 4 content_policy_violation", "uncertain 3 outcome_unknown", "running 5 -",
                "failed 4 dismissed", "running 6 -", "failed 3 invalid_parameters",
                "queued 3 provider_unreachable", "cancelled 4 provider_unreachable", "running 3 -",
                "sending 2 -",
            ])
        for task in tasks {
            let events = try await store.events(of: task.id)
            #expect(events.map(\.number) == Array(1...task.version), "\(task.id)")
            #expect(events.first?.name == "admitted" && events.last?.at == task.updated, "\(task.id)")
            #expect(try await store.payload(of: task.id)?.isEmpty == false, "\(task.id)")
        }
        for task in tasks {
            let payload = try #require(try await store.payload(of: task.id))
            let prompt = try #require(VideoJob(model: task.model, payload: payload).prompt)
            #expect(task.promptBeginning == PromptBeginning(of: prompt), "\(task.id)")
        }
        #expect(tasks.first { $0.state == .uncertain }?.evidence?.reply.bytesSent == 262)
        #expect(tasks.filter { $0.state == .completed }.allSatisfy { $0.results.first?.bytes == 1443 })
        let kept = try await store.tasksWithContent(ContentQuery(.archived, limit: 10))
        #expect(kept.count == 2 && kept.allSatisfy { $0.completed == $0.updated })
        #expect(kept.allSatisfy { $0.fetched != nil && $0.removalWarned == nil })
        #expect(try await store.contentBytes() == 2 * 1443)
        #expect(try await store.largestResults(limit: 10).values.allSatisfy { $0 == 1443 })
        #expect(try await store.unfinishedTasks().count == 7)
        #expect(try await store.identity().sequence == 59)
        await store.close()
    }

    @Test func `an idempotency key of then still stands for its task`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        let completed = try #require(
            try await store.task(TaskID("task-rg-1795960759-0o7xim7hc914")))
        let fingerprint = "v2:fced6e817bd419a58718f720a781d72b6f89f4c0de1ab52f5db168de63a804c4"
        var job = StoreExample.admission(1)
        job.claim = IdempotencyClaim(client: "open", key: "fixture-key-1", fingerprint: fingerprint)
        #expect(try await store.admit(job) == .replayed(completed))
        await store.close()
    }

    @Test func `tasks of then go on and new ones are admitted`() async throws {
        let store = try SQLiteTaskStore.open(path: path)
        for task in try await store.unfinishedTasks() {
            #expect(try await store.save(StoreExample.cancellation(of: task)).isSaved, "\(task.id)")
        }
        let admission = StoreExample.admission(1)
        #expect(try await store.admit(admission).isAdmitted)
        #expect(try await store.task(admission.record.id) == admission.record)
        await store.close()
    }

    @Test func `its events are in the sequence without snapshots, and new ones follow with them`()
        async throws
    {
        let store = try SQLiteTaskStore.open(path: path)
        let earlier = try await store.events(after: 0, limit: 100)
        #expect(earlier.map(\.sequence) == Array(1...58))
        #expect(earlier.allSatisfy { $0.snapshot == nil })
        let admission = StoreExample.admission(1)
        #expect(try await store.admit(admission).isAdmitted)
        let later = try await store.events(after: 58, limit: 100)
        #expect(later.map(\.snapshot) == [admission.record])
        await store.close()
    }

    @Test func `it is migrated once`() async throws {
        var schemas: [[String]] = []
        for _ in 0..<2 {
            let store = try SQLiteTaskStore.open(path: path)
            // A table that is made anew has another page.
            let schema = try await store.database.read {
                try String.fetchAll(
                    $0, sql: "SELECT name || ' ' || rootpage || ' ' || coalesce(sql, '') FROM sqlite_schema")
            }
            schemas.append(schema)
            await store.close()
        }
        #expect(schemas[0] == schemas[1])
    }
}
