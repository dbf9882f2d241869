package import VideoJobs

/// A video that a store expects in the archive.
package struct ManifestVideo: Equatable, Sendable {
    /// Relative to the archive's folder.
    package let path: String
    package let taskID: TaskID
    package let bytes: Int64
    package let sha256: String
}
