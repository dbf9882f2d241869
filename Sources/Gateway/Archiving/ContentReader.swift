import VideoJobs

/// Finds the archived content of a result.
struct ContentReader: Sendable {
    private enum RetryAfterSeconds {
        static let archive = 10
        static let missingCopy = 60
    }

    let ports: GatewayPorts
    let tasks: TaskReader
    let health: ArchiveHealth
    let removals: RemovalsInProgress

    /// Returns the archived content of one result of a task.
    func content(
        of id: String, index: Int, for caller: Caller
    ) async throws(GatewayError) -> ContentAvailability {
        guard let record = try await tasks.task(id, for: caller)?.record else { return .notFound }
        guard record.state == .completed else { return .notReady(record) }
        guard record.results.indices.contains(index) else { return .notFound }
        let result = record.results[index]
        let artifact = ArtifactID(task: record.id, index: result.fileIndex)
        guard !record.contentRemoved else { return .expired(await expired(result, of: record)) }
        do throws(ArchiveError) {
            let found = try await health.recordingFailures { () throws(ArchiveError) in
                try await ports.archive.content(of: artifact)
            }
            // Content of another length is not the archived one.
            guard let content = found, content.bytes ?? result.bytes == result.bytes else {
                return isRemoved(record.id) ? .expired(await expired(result, of: record)) : missing(artifact)
            }
            health.removeMissing(artifact)
            if case .redirect(let link) = content, link.expires <= ports.clock.now() { return expiredLink }
            return .found(content, result, record)
        } catch {
            return .unavailable(message: error.message, retryAfterSeconds: RetryAfterSeconds.archive)
        }
    }

    /// Whether retention removes the content, or has removed it since the record was read.
    private func isRemoved(_ id: TaskID) -> Bool {
        removals.contains(id) || tasks.repository.cached(id.text)?.contentRemoved == true
    }

    /// Returns what is known of a removed video; without times if the history cannot be read.
    private func expired(_ result: ArchivedResult, of record: TaskRecord) async -> ExpiredContent {
        ExpiredContent(result: result, history: (try? await ports.store.events(of: record.id)) ?? [])
    }

    private var expiredLink: ContentAvailability {
        .unavailable(
            message: "the archive's link to the video has expired",
            retryAfterSeconds: RetryAfterSeconds.archive)
    }

    private func missing(_ artifact: ArtifactID) -> ContentAvailability {
        if health.recordMissing(artifact) {
            ports.log.error(
                .archiveCopyMissing,
                "an archived video is missing or damaged, and retention did not remove it",
                metadata: ["task_id": "\(artifact.task)", "index": .number(artifact.index)])
        }
        return .unavailable(
            message: """
                the archived video \(artifact.index) of \(artifact.task) is missing or damaged, and \
                retention did not remove it; its operator has to restore it
                """,
            retryAfterSeconds: RetryAfterSeconds.missingCopy)
    }
}
