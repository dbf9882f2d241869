package import VideoJobs

/// Our copies of finished videos.
package protocol ResultArchive: Sendable {
    /// Copies the content of a provider's link, verifies it and makes it durable (temporary file, fsync,
    /// rename, fsync of the folder). Idempotent: a copy that is already there is verified and kept.
    ///
    /// What an interrupted copy has received may be kept, and continued by the next call.
    ///
    /// - Parameter stallTimeout: how long the host may send nothing; `nil` for the archive's own limit.
    func copy(
        _ link: String, as artifact: ArtifactID, stallTimeout: Duration?
    ) async throws(ArchiveError) -> ArchivedResult
    /// Removes what interrupted copies of a task have received.
    func discardUnfinished(of task: TaskID) async
    /// Removes what interrupted copies of all other tasks have received.
    func discardUnfinished(exceptOf tasks: Set<TaskID>) async
    /// Returns access to the content of a copy, for one response; `nil` if the copy is missing from an
    /// archive that is otherwise in order.
    func content(of artifact: ArtifactID) async throws(ArchiveError) -> ArchivedContent?
    /// Removes a copy; none there is no error.
    func remove(_ artifact: ArtifactID) async throws(ArchiveError)
    /// Returns the bytes that the archive's disk has left for copies; `nil` if that is unknown.
    func freeBytes() async -> Int64?
    /// Joins the archive to a store and returns the id of its marker. With a recorded id the folder is used
    /// only while it has that marker; without, it is marked, or the marker that it has is adopted.
    /// Throws `unavailable` if it is not that archive: none of the copies that the store knows is there.
    func join(recorded: String?, knowing copies: [ArtifactID]) async throws(ArchiveError) -> String
    /// Throws `unavailable` while the archive does not have the marker that it was joined by.
    func check() async throws(ArchiveError)
}

extension ResultArchive {
    /// Copies with the archive's own limit of silence.
    package func copy(_ link: String, as artifact: ArtifactID) async throws(ArchiveError) -> ArchivedResult {
        try await copy(link, as: artifact, stallTimeout: nil)
    }

    // An archive need not keep anything of an interrupted copy.
    package func discardUnfinished(of task: TaskID) async {}
    package func discardUnfinished(exceptOf tasks: Set<TaskID>) async {}
}
