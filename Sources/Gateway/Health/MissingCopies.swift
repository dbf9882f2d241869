import Synchronization

/// Single copies that should be in the archive and were not found there.
final class MissingCopies: Sendable {
    /// Copies that are remembered; more are only logged.
    private static let countMax = 100

    private let copies = Mutex<[ArtifactID]>([])

    var all: [ArtifactID] { copies.withLock { $0 } }

    /// Inserts a copy. Returns whether it was not here.
    func insert(_ copy: ArtifactID) -> Bool {
        copies.withLock { copies in
            guard !copies.contains(copy) else { return false }
            if copies.count < Self.countMax { copies.append(copy) }
            return true
        }
    }

    func remove(_ copy: ArtifactID) { copies.withLock { $0.removeAll { $0 == copy } } }

    /// Removes the copies that an archive has again.
    func removeFound(in archive: any ResultArchive) async {
        for copy in all where (try? await archive.content(of: copy)) != nil { remove(copy) }
    }
}
