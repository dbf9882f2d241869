import Gateway
import Synchronization
import Transport

/// Joining an archive's folder to a store, and seeing that it still is that folder. All of it blocks.
extension FileResultArchive {
    /// Makes the folder of an archive that was never used, and sees that it can be written: better known at
    /// the start than after the first paid video.
    func makeFolder() throws(ArchiveError) {
        do {
            try FileSystem.makeFolder(places.root)
            _ = try DurableFile("\(places.root)/probe")
        } catch {
            throw ArchiveErrorMapper.failure(error)
        }
    }

    /// What `join` does.
    func joinFolder(recorded: String?, knowing copies: [ArtifactID]) throws -> String {
        // Known even if the folder is not there yet: nothing else may be taken for it from now on.
        if let recorded { markerID.withLock { $0 = recorded } }
        let id = try recorded ?? marker.id() ?? firstMarker(knowing: copies)
        try marker.check(id)
        markerID.withLock { $0 = id }
        removeLeftoversOnce()
        return id
    }

    /// Throws `unavailable` unless the folder bears the marker of the store's archive.
    func checkFolder() throws(ArchiveError) {
        guard let id = markerID.withLock({ $0 }) else {
            throw .unavailable(message: "the archive \(places.root) is not joined to the store yet")
        }
        try marker.check(id)
    }

    /// Marks a folder that has no marker: a new archive, or one from before there were markers.
    private func firstMarker(knowing copies: [ArtifactID]) throws -> String {
        let paths = copies.compactMap { places.path(of: $0) }
        var isKnown = paths.isEmpty
        for path in paths where !isKnown { isKnown = try FileSystem.size(of: path) != nil }
        guard isKnown else {
            throw ArchiveError.unavailable(
                message: """
                    the archive \(places.root) holds none of the \(paths.count) videos that the store knows: \
                    its disk is not mounted, or the folder was replaced; mount or put back the right one
                    """)
        }
        try makeFolder()
        return try marker.make()
    }
}
