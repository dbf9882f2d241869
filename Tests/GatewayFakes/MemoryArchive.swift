package import Gateway
import Synchronization
package import VideoJobs

/// An archive without files.
package final class MemoryArchive: ResultArchive {
    private struct State {
        var copies: [ContentPlace: Int64] = [:]
        var failures: [ArchiveFailure] = []
        var links: [String] = []
        var refused: [String: ArchiveFailure] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// What the next copies end with.
    package func fail(_ failures: ArchiveFailure...) { state.withLock { $0.failures += failures } }
    /// What each copy of a link ends with; `nil` lets it come.
    package func refuse(_ link: String, with failure: ArchiveFailure?) {
        state.withLock { $0.refused[link] = failure }
    }
    /// Which links were asked for, in order.
    package var links: [String] { state.withLock { $0.links } }
    package var places: Set<ContentPlace> { state.withLock { Set($0.copies.keys) } }

    package func copy(_ link: String, as place: ContentPlace) async throws(ArchiveFailure) -> ArchivedResult {
        let failure: ArchiveFailure? = state.withLock { state in
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

    package func file(at place: ContentPlace) async -> ArchivedFile? {
        state.withLock { $0.copies[place] }.map {
            ArchivedFile(path: "/nowhere/\(place.task)-\(place.index)", bytes: $0)
        }
    }

    package func remove(_ place: ContentPlace) async throws(ArchiveFailure) {
        state.withLock { $0.copies[place] = nil }
    }
}
