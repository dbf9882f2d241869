import Gateway
import Metrics
import VideoJobs

/// An archive whose failed copies are counted by their reason.
struct MeasuredArchive: ResultArchive {
    let archive: any ResultArchive
    let failures: CounterFamily

    func copy(
        _ link: String, as artifact: ArtifactID, stallTimeout: Duration?
    ) async throws(ArchiveError) -> ArchivedResult {
        do {
            return try await archive.copy(link, as: artifact, stallTimeout: stallTimeout)
        } catch {
            failures.counter(error.label).add()
            throw error
        }
    }

    func discardUnfinished(of task: TaskID) async { await archive.discardUnfinished(of: task) }

    func discardUnfinished(exceptOf tasks: Set<TaskID>) async {
        await archive.discardUnfinished(exceptOf: tasks)
    }

    func content(of artifact: ArtifactID) async throws(ArchiveError) -> ArchivedContent? {
        try await archive.content(of: artifact)
    }

    func remove(_ artifact: ArtifactID) async throws(ArchiveError) { try await archive.remove(artifact) }

    func freeBytes() async -> Int64? { await archive.freeBytes() }

    func join(recorded: String?, knowing copies: [ArtifactID]) async throws(ArchiveError) -> String {
        try await archive.join(recorded: recorded, knowing: copies)
    }

    func check() async throws(ArchiveError) { try await archive.check() }
}

extension ArchiveError {
    /// The value of the label `reason`.
    fileprivate var label: String {
        switch self {
        case .gone: "gone"
        case .transfer: "transfer"
        case .interrupted: "interrupted"
        case .notVideo: "not_video"
        case .disk: "disk"
        case .tooLarge: "too_large"
        case .unavailable: "unavailable"
        }
    }
}
