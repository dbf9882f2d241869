import Synchronization
import VideoJobs

/// Records that the content of a task was fetched: once for each task, and not while a response waits.
final class FetchRecorder: Sendable {
    /// Tasks whose fetch is being recorded at once. Of further ones a later fetch is recorded.
    private static let pendingMax = 1_000

    private let ports: GatewayPorts
    private let repository: TaskRepository
    private let pending = Mutex<Set<TaskID>>([])

    init(ports: GatewayPorts, repository: TaskRepository) {
        self.ports = ports
        self.repository = repository
    }

    /// Records a fetch, unless one is known.
    func record(_ record: TaskRecord) {
        guard record.fetched == nil else { return }
        let isFirst = pending.withLock { $0.count < Self.pendingMax && $0.insert(record.id).inserted }
        guard isFirst else { return }
        ports.start { [self] in
            do {
                _ = try await repository.apply(.contentFetched(at: ports.clock.now()), to: record.id)
            } catch {
                ports.log.debug(
                    .retentionFetchUnrecorded, "a fetch of a video is not recorded",
                    metadata: ["task_id": "\(record.id)", "reason": "\(error)"])
            }
            pending.withLock { _ = $0.remove(record.id) }
        }
    }
}
