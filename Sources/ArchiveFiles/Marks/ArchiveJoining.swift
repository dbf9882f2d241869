import Gateway
import Synchronization
import Transport

/// Joins an archive's folder to a store, and checks that it still is that folder. All of it blocks.
extension FileResultArchive {
    /// Creates the folder of an archive that was never used, and checks that it can be written: better known
    /// at the start than after the first paid video.
    func makeFolder() throws(ArchiveError) {
        do {
            try FileSystem.makeFolder(layout.root)
            _ = try DurableFile("\(layout.root)/probe")
        } catch {
            throw ArchiveErrorMapper.failure(error)
        }
    }

    /// Does the work of `join`.
    func joinFolder(recorded: String?, knowing copies: [ArtifactID]) throws -> String {
        // Set even if the folder is not there yet: from now on no other folder is accepted.
        if let recorded { markerID.withLock { $0 = recorded } }
        let id = try recorded ?? marker.id() ?? firstMarker(knowing: copies)
        try marker.check(id)
        markerID.withLock { $0 = id }
        findLeftoversOnce()
        return id
    }

    /// Throws `unavailable` unless the folder has the marker of the store's archive.
    func checkFolder() throws(ArchiveError) {
        guard let id = markerID.withLock({ $0 }) else {
            throw .unavailable(message: "the archive \(layout.root) is not joined to the store yet")
        }
        try marker.check(id)
    }

    /// Marks a folder without a marker: a new archive, or one of a version that had no markers.
    private func firstMarker(knowing copies: [ArtifactID]) throws -> String {
        let paths = copies.compactMap { layout.path(of: $0) }
        var isKnown = paths.isEmpty
        for path in paths where !isKnown { isKnown = try FileSystem.size(of: path) != nil }
        guard isKnown else {
            throw ArchiveError.unavailable(
                message: """
                    the archive \(layout.root) holds none of the \(paths.count) videos that the store knows: \
                    its disk is not mounted, or the folder was replaced; mount or put back the right one
                    """)
        }
        try makeFolder()
        return try marker.make()
    }
}
