package import Gateway
import Synchronization
package import VideoJobs

/// An archive without files.
package final class MemoryArchive: ResultArchive {
    private struct State {
        var copies: [ArtifactID: Int64] = [:]
        var failures: [ArchiveError] = []
        var links: [String] = []
        var marker: String?
        var isAway = false
        var refused: [String: ArchiveError] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// What the next copies end with.
    package func fail(_ failures: ArchiveError...) { state.withLock { $0.failures += failures } }
    /// What each copy of a link ends with; `nil` lets it come.
    package func refuse(_ link: String, with failure: ArchiveError?) {
        state.withLock { $0.refused[link] = failure }
    }
    /// Which links were asked for, in order.
    package var links: [String] { state.withLock { $0.links } }
    package var places: Set<ArtifactID> { state.withLock { Set($0.copies.keys) } }

    /// Takes the archive away, as a disk that is not mounted, or brings it back.
    package func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }
    /// Loses one copy, and nobody meant to.
    package func lose(_ place: ArtifactID) { state.withLock { $0.copies[place] = nil } }

    package func copy(_ link: String, as place: ArtifactID) async throws(ArchiveError) -> ArchivedResult {
        let failure: ArchiveError? = state.withLock { state in
            if state.isAway { return .unavailable(message: "the archive is away") }
            state.links.append(link)
            if !state.failures.isEmpty { return state.failures.removeFirst() }
            if let refused = state.refused[link] { return refused }
            state.copies[place] = 1000
            return nil
        }
        if let failure { throw failure }
        return ArchivedResult(
            contentType: link.hasSuffix(".jpg") ? "image/jpeg" : "video/mp4", bytes: 1000,
            sha256: String(repeating: "ab", count: 32),
            fileIndex: place.index)
    }

    package func file(at place: ArtifactID) async throws(ArchiveError) -> ArchivedFile? {
        try await check()
        return state.withLock { $0.copies[place] }.map {
            ArchivedFile(path: "/nowhere/\(place.task)-\(place.index)", bytes: $0)
        }
    }

    package func remove(_ place: ArtifactID) async throws(ArchiveError) {
        try await check()
        state.withLock { $0.copies[place] = nil }
    }

    package func join(
        recorded: String?, knowing copies: [ArtifactID]
    ) async throws(ArchiveError) -> String {
        try await check()
        return state.withLock { state in
            let id = recorded ?? state.marker ?? "memory"
            state.marker = id
            return id
        }
    }

    package func check() async throws(ArchiveError) {
        if state.withLock({ $0.isAway }) { throw .unavailable(message: "the archive is away") }
    }
}
