import Synchronization
import VideoJobs

/// Binds the store to its archive: by the archive's id, which the store remembers.
final class ArchiveBinding: Sendable {
    /// Known copies by which an archive is recognised that the store has no id of.
    private static let knownCopiesMax = 10_000

    private let ports: GatewayPorts
    private let isJoined = Atomic<Bool>(false)

    init(ports: GatewayPorts) { self.ports = ports }

    /// Joins both at first, then checks that the archive is still there.
    func check() async throws {
        if isJoined.load(ordering: .acquiring) { return try await ports.archive.check() }
        let recorded = try await ports.store.identity().archiveID
        var copies: [ArtifactID] = []
        if recorded == nil {
            copies = try await ports.store.tasksWithContent(
                ContentQuery(.archived, limit: Self.knownCopiesMax)
            ).map {
                ArtifactID(task: $0.id, index: 0)
            }
        }
        let found = try await ports.archive.join(recorded: recorded, knowing: copies)
        if recorded == nil { try await ports.store.setArchiveID(found) }
        isJoined.store(true, ordering: .releasing)
    }
}
