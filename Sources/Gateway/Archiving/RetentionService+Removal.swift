import CrashPoints
import Logging
import VideoJobs

// Removal of content.
extension RetentionService {
    /// Removes the content whose time is over. Returns whether all of it could be removed.
    func removeExpired() async throws -> Bool {
        var last: TaskID?
        var isComplete = true
        // A clock that jumps ahead must not remove paid videos.
        let now = steadyTime.earliest
        while true {
            let found = try await page(.expiry(by: now), after: last, limit: Self.pageSize)
            for record in found {
                isComplete = try await remove(record, because: .age) && isComplete
            }
            guard let end = found.last else { return isComplete }
            last = end.id
        }
    }

    /// Removes the oldest content until what is left has at most so many bytes.
    func evict(downTo target: Int64) async throws {
        var total = try await countContent()
        var last: TaskID?
        while total > target {
            let found = try await page(.archived, after: last, limit: Self.pageSize)
            for record in found where total > target {
                if try await remove(record, because: .bytes) { total -= record.contentBytes }
            }
            guard let end = found.last else { return }
            last = end.id
        }
    }

    /// Returns the bytes of all content by the store, which counts each video once.
    func countContent() async throws(StoreError) -> Int64 {
        let changes = space.contentChanges
        let bytes = try await store.recordingFailures { () throws(StoreError) in
            try await ports.store.contentBytes()
        }
        space.setContentBytes(bytes, countedAfter: changes)
        return bytes
    }

    func page(
        _ order: ContentQuery.Order, after last: TaskID? = nil, limit: Int
    ) async throws(StoreError) -> [TaskRecord] {
        try await store.recordingFailures { () throws(StoreError) in
            try await ports.store.tasksWithContent(ContentQuery(order, after: last, limit: limit))
        }
    }

    /// Removes the files of a task, then records it: after a crash in between, the next pass does both again,
    /// and no file is left that no record names. Returns whether the files could be removed.
    private func remove(_ record: TaskRecord, because reason: Reason) async throws -> Bool {
        removals.insert(record.id)
        if let failure = try await removeFiles(of: record) {
            // Others may be removable.
            removals.remove(record.id)
            ports.log.error(
                .retentionRemovalFailed, "retention cannot remove a video",
                metadata: ["task_id": "\(record.id)", "reason": "\(failure)"])
            return false
        }
        reached(.contentFilesRemoved)
        _ = try await repository.apply(.contentRemoved(at: ports.clock.now()), to: record.id)
        removals.remove(record.id)
        let isFetched = repository.cached(record.id.text).map { $0.fetched != nil } ?? (record.fetched != nil)
        ports.log.log(
            level: isFetched ? .info : .warning, .retentionRemoved, "retention removed a video",
            metadata: [
                "task_id": "\(record.id)", "code": "\(reason.rawValue)",
                "bytes": .number(record.contentBytes),
                "fetched": .truth(isFetched),
            ])
        return true
    }

    /// Returns why the disk does not let the files be removed; `nil` if they are.
    private func removeFiles(of record: TaskRecord) async throws(ArchiveError) -> String? {
        do throws(ArchiveError) {
            for result in record.results {
                let artifact = ArtifactID(task: record.id, index: result.fileIndex)
                try await ports.archive.remove(artifact)
                archive.removeMissing(artifact)
            }
            return nil
        } catch {
            switch error {
            case .disk(let message): return message
            case .gone, .transfer, .interrupted, .notVideo, .tooLarge, .unavailable: throw error
            }
        }
    }
}
