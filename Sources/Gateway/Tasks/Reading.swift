import Logging
import Synchronization
package import VideoJobs

/// Reading: from our own state only. Nothing here ever calls the provider.
extension VideoGateway {
    /// Returns the cached record for our task id or the provider's. Never waits.
    package func cachedTask(_ id: String) -> TaskRecord? { cache.record(id) }

    /// A task by our id or the provider's, from the cache or the store.
    package func task(_ id: String) async throws(GatewayError) -> TaskView? {
        if let record = cache.record(id) { return view(record) }
        let found = try await stored { () async throws(StoreError) -> TaskRecord? in
            if let ours = try await ports.store.task(TaskID(id)) { return ours }
            return try await ports.store.task(providerTaskID: ProviderTaskID(id))
        }
        guard let found else { return nil }
        cache.publish(found)
        return view(found)
    }

    /// Waits until the condition holds for the task or the time is over, and returns its newest view. Ends
    /// early when the surrounding task is cancelled; that changes nothing for the job.
    package func wait(
        for id: TaskID, atMost bound: Duration, until condition: @escaping @Sendable (TaskRecord) -> Bool
    ) async throws(GatewayError) -> TaskView? {
        guard let view = try await task(id.text) else { return nil }
        if condition(view.record) || bound <= .zero { return view }
        if isStopping, view.record.state != .sending { return view }
        let signal = cache.watch(id, until: condition)
        await ports.wait(for: signal, until: ports.clock.monotonic() + bound)
        cache.unwatch(id, signal)
        return try await task(id.text)
    }

    /// A page of tasks, newest first.
    package func tasks(
        matching query: TaskQuery
    ) async throws(GatewayError) -> (views: [TaskView], hasMore: Bool) {
        let page = try await stored { () throws(StoreError) in try await ports.store.tasks(matching: query)
        }
        return (page.tasks.map { view($0) }, page.hasMore)
    }

    /// The archived file of one result.
    package func content(of id: String, index: Int) async throws(GatewayError) -> ContentAnswer {
        guard let record = try await task(id)?.record else { return .notFound }
        guard record.state == .completed else { return .notReady(record) }
        guard record.results.indices.contains(index) else { return .notFound }
        let place = ArtifactID(task: record.id, index: record.results[index].fileIndex)
        guard !record.contentRemoved else { return .expired(record) }
        do throws(ArchiveError) {
            let found = try await archiveHealth.watching { () throws(ArchiveError) in
                try await ports.archive.file(at: place)
            }
            // A file of another length is not what was archived.
            guard let file = found, file.bytes == record.results[index].bytes else { return missing(place) }
            archiveHealth.forget(place)
            return .file(file, record.results[index], record)
        } catch {
            return .unavailable(message: error.message, retryAfterSeconds: 10)
        }
    }

    private func missing(_ place: ArtifactID) -> ContentAnswer {
        let message = """
            the archived video \(place.index) of \(place.task) is missing or damaged, and retention did not \
            remove it
            """
        if archiveHealth.noteMissing(place) { ports.log.error("\(message)") }
        return .unavailable(message: "\(message); its operator has to put it back", retryAfterSeconds: 60)
    }

    /// Why jobs do not get through now; empty when all is well. For `/readyz`.
    package func obstacles() -> [ReadinessIssue] {
        var all: [ReadinessIssue] = []
        if isStopping {
            let message = "the gateway is shutting down"
            all.append(ReadinessIssue(code: "shutting_down", message: message, retryAfterSeconds: 5))
        }
        if let trouble = health.trouble {
            all.append(
                ReadinessIssue(code: "store_unavailable", message: trouble.message, retryAfterSeconds: 5))
        }
        if queue.withLock({ $0.isPaused }) { all.append(RestoredStore.obstacle) }
        if let failure = archiveHealth.failure {
            all.append(
                ReadinessIssue(code: "archive_unavailable", message: failure, retryAfterSeconds: 10))
        }
        let now = ports.clock.monotonic()
        if let (obstacle, until) = queue.withLock({ $0.obstacle(at: now) }) {
            let seconds = max(1, (until - now).components.seconds + 1)
            let message = obstacle.explanation
            all.append(
                ReadinessIssue(code: obstacle.rawValue, message: message, retryAfterSeconds: Int(seconds)))
        }
        return all
    }

    /// What is amiss and keeps no job from being taken. For `/readyz`.
    package func warnings() -> [ReadinessIssue] {
        archiveHealth.missing.map {
            ReadinessIssue(
                code: "archive_unavailable",
                message: "the archived video \($0.index) of \($0.task) is missing",
                retryAfterSeconds: 60)
        }
    }

    /// Looks at the archive, so that `obstacles()` and `warnings()` say how it stands now.
    package func lookAtArchive() async { await archiveHealth.look() }

    func view(_ record: TaskRecord) -> TaskView {
        TaskView(record: record, standing: record.state == .queued ? standing(of: record) : nil)
    }

    /// Where a queued task stands, and what it waits for beside its turn.
    private func standing(of record: TaskRecord) -> QueueStanding? {
        let (position, hold) = queue.withLock { ($0.position(of: record.id), $0.hold(on: record.id)) }
        var waiting: QueueStanding.Waiting?
        if let own = record.obstacle {
            waiting = QueueStanding.Waiting(
                obstacle: own, message: record.obstacleMessage ?? own.explanation)
        } else if let obstacle = hold?.obstacle {
            waiting = QueueStanding.Waiting(
                obstacle: obstacle, message: "held behind another job: \(obstacle.explanation)")
        }
        let now = ports.clock.monotonic()
        if let until = hold?.until, until > now {
            waiting?.next = ports.clock.now() + (until - now)
            waiting?.secondsLeft = Int((until - now).components.seconds + 1)
        }
        guard position != nil || waiting != nil else { return nil }
        return QueueStanding(position: position, waiting: waiting)
    }

    /// Calls the store and turns its failure into what a caller hears.
    func stored<Value>(_ call: () async throws(StoreError) -> Value) async throws(GatewayError) -> Value {
        do { return try await health.watching(call) } catch { throw .store(error) }
    }
}
