package import Gateway
import Synchronization
package import VideoJobs

/// An archive in memory.
package final class MemoryArchive: ResultArchive {
    private struct State {
        var copies: [ArtifactID: Int64] = [:]
        var failures: [ArchiveError] = []
        var links: [String] = []
        var marker: String?
        var isUnavailable = false
        /// `nil` if unknown. Copies take of it.
        var capacity: Int64?
        var refused: [String: ArchiveError] = [:]
        var makeContent: (@Sendable (Int64) -> ArchivedContent)?
    }

    private let state = Mutex(State())

    package init() {}

    /// Makes the next copies fail.
    package func fail(_ failures: ArchiveError...) { state.withLock { $0.failures += failures } }
    /// Makes each copy of a link fail; `nil` ends that.
    package func refuse(_ link: String, with failure: ArchiveError?) {
        state.withLock { $0.refused[link] = failure }
    }
    /// The links of all copies, in order.
    package var links: [String] { state.withLock { $0.links } }
    package var artifacts: Set<ArtifactID> { state.withLock { Set($0.copies.keys) } }

    /// Makes the archive unavailable, as an unmounted disk, or available again.
    package func setUnavailable(_ isUnavailable: Bool) {
        state.withLock { $0.isUnavailable = isUnavailable }
    }
    /// Loses one copy.
    package func lose(_ artifact: ArtifactID) { state.withLock { $0.copies[artifact] = nil } }

    package func copy(
        _ link: String, as artifact: ArtifactID, stallTimeout: Duration?
    ) async throws(ArchiveError) -> ArchivedResult {
        let failure: ArchiveError? = state.withLock { state in
            if state.isUnavailable { return .unavailable(message: "the archive is unavailable") }
            state.links.append(link)
            if !state.failures.isEmpty { return state.failures.removeFirst() }
            if let refused = state.refused[link] { return refused }
            state.copies[artifact] = 1000
            return nil
        }
        if let failure { throw failure }
        return ArchivedResult(
            contentType: link.hasSuffix(".jpg") ? "image/jpeg" : "video/mp4", bytes: 1000,
            sha256: String(repeating: "ab", count: 32),
            fileIndex: artifact.index)
    }

    package func content(of artifact: ArtifactID) async throws(ArchiveError) -> ArchivedContent? {
        try await check()
        return state.withLock { state in
            guard let bytes = state.copies[artifact] else { return nil }
            return state.makeContent?(bytes) ?? .file(MemoryFile(number: artifact.index, bytes: bytes))
        }
    }

    /// Delivers other content than files; `nil` returns to files. `makeContent` receives a copy's length.
    package func deliver(_ makeContent: (@Sendable (Int64) -> ArchivedContent)?) {
        state.withLock { $0.makeContent = makeContent }
    }

    package func remove(_ artifact: ArtifactID) async throws(ArchiveError) {
        try await check()
        state.withLock { $0.copies[artifact] = nil }
    }

    /// Sets the size of the disk; `nil` if it is unknown.
    package func setCapacity(_ bytes: Int64?) { state.withLock { $0.capacity = bytes } }

    package func freeBytes() async -> Int64? {
        state.withLock { state in state.capacity.map { $0 - state.copies.values.reduce(0, +) } }
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
        if state.withLock({ $0.isUnavailable }) { throw .unavailable(message: "the archive is unavailable") }
    }
}
