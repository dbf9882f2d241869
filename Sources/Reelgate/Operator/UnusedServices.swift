import Gateway
import VideoJobs

/// The provider and the archive of a gateway that is not started, and therefore uses neither.
struct UnusedServices: VideoProvider, ResultArchive {
    private var unavailable: ArchiveError { .unavailable(message: "no gateway is running") }

    func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict {
        .blocked(.providerUnreachable, retryAfter: nil, message: "no gateway is running")
    }

    func poll(_ id: ProviderTaskID) async -> PollOutcome {
        .unavailable(message: "no gateway is running", retryAfter: nil)
    }

    func models() async -> ModelListing { .unavailable(message: "no gateway is running") }

    func copy(
        _ link: String, as artifact: ArtifactID, stallTimeout: Duration?
    ) async throws(ArchiveError) -> ArchivedResult {
        throw unavailable
    }

    func content(of artifact: ArtifactID) async throws(ArchiveError) -> ArchivedContent? {
        throw unavailable
    }

    func remove(_ artifact: ArtifactID) async throws(ArchiveError) { throw unavailable }

    func freeBytes() async -> Int64? { nil }

    func join(recorded: String?, knowing copies: [ArtifactID]) async throws(ArchiveError) -> String {
        throw unavailable
    }

    func check() async throws(ArchiveError) { throw unavailable }
}
