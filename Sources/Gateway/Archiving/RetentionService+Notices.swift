import VideoJobs

// Notices before content is removed that nobody has fetched.
extension RetentionService {
    /// Tasks of one pass whose removal for lack of space is announced.
    private static let evictionsMax = 1_000

    /// Warns of content whose time ends soon. Each is announced once.
    func announceExpiries(within notice: Duration) async throws(StoreError) {
        let end = steadyTime.earliest + notice
        var last: TaskID?
        while true {
            let found = try await page(.unnoticedExpiry(by: end), after: last, limit: Self.pageSize)
            for record in found { try await announce(record) }
            guard let end = found.last else { return }
            last = end.id
        }
    }

    /// Warns of the oldest content while all together has more bytes than that.
    func announceEvictions(beyond bytes: Int64) async throws(StoreError) {
        var total = space.contentBytes
        var last: TaskID?
        var count = 0
        while total > bytes, count < Self.evictionsMax {
            let found = try await page(.archived, after: last, limit: Self.pageSize)
            for record in found where total > bytes {
                total -= record.contentBytes
                if record.isRemovalUnnoticed { try await announce(record) }
            }
            count += found.count
            guard let end = found.last else { return }
            last = end.id
        }
    }

    private func announce(_ record: TaskRecord) async throws(StoreError) {
        let event = TaskLifecycle.Event.removalWarned(at: ports.clock.now())
        let outcome = try await store.recordingFailures { () throws(StoreError) in
            try await repository.apply(event, to: record.id)
        }
        guard outcome?.changed == true else { return }
        ports.log.warning(
            .retentionAnnounced, "a video that nobody has fetched will be removed",
            metadata: [
                "task_id": "\(record.id)", "bytes": .number(record.contentBytes),
                "expires": "\(record.contentExpires?.iso8601 ?? "when the archive needs the space")",
            ])
    }
}
