import Gateway
import GatewayFakes
import VideoJobs

/// An archive that is slow, fails, and cannot copy from expired links.
struct UnreliableArchive: ResultArchive {
    let backing: MemoryArchive
    let provider: UnreliableProvider
    let clock: ManualClock
    let faults: FaultInjector
    /// Broken: reports copies that it does not have.
    var losesCopies = false

    func copy(
        _ link: String, as artifact: ArtifactID, stallTimeout: Duration?
    ) async throws(ArchiveError) -> ArchivedResult {
        let isSlow = faults.occurs(.copySlow)
        await clock.pause(faults, milliseconds: isSlow ? 10_000...120_000 : 5...2000)
        // An existing copy needs no link.
        if backing.artifacts.contains(artifact) { return try await backing.copy(link, as: artifact) }
        guard provider.isAlive(link) else { throw .gone(message: "410") }
        if faults.occurs(.copyFails) {
            let failures: [ArchiveError] = [
                .transfer(message: "cut"), .notVideo(message: "half"), .disk(message: "full"),
            ]
            throw failures[faults.pick(0...2)]
        }
        let result = try await backing.copy(link, as: artifact)
        if losesCopies { try await backing.remove(artifact) }
        await clock.pause(faults, milliseconds: 1...20)
        return result
    }

    func content(of artifact: ArtifactID) async throws(ArchiveError) -> ArchivedContent? {
        try await backing.content(of: artifact)
    }

    func join(recorded: String?, knowing copies: [ArtifactID]) async throws(ArchiveError) -> String {
        try await backing.join(recorded: recorded, knowing: copies)
    }

    func freeBytes() async -> Int64? { await backing.freeBytes() }

    func check() async throws(ArchiveError) { try await backing.check() }

    func remove(_ artifact: ArtifactID) async throws(ArchiveError) {
        await clock.pause(faults, milliseconds: 1...20)
        try await backing.remove(artifact)
        provider.noteRemoval(of: artifact.task)
        await clock.pause(faults, milliseconds: 1...20)
    }
}
