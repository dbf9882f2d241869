package import VideoJobs

/// Our copies of finished videos.
package protocol ResultArchive: Sendable {
    /// Copies what a provider's link shows, verifies it and makes it durable (temporary file, fsync, rename, fsync of
    /// the folder). Idempotent: a copy that is already there is verified and kept.
    func copy(_ link: String, as place: ContentPlace) async throws(ArchiveFailure) -> ArchivedResult
    /// The file of a copy; `nil` if it is gone.
    func file(at place: ContentPlace) async -> ArchivedFile?
    /// Removes a copy; none there is no error.
    func remove(_ place: ContentPlace) async throws(ArchiveFailure)
}

/// Names one video of one task.
package struct ContentPlace: Hashable, Sendable {
    package var task: TaskID
    /// Counted from 0.
    package var index: Int

    package init(task: TaskID, index: Int) {
        self.task = task
        self.index = index
    }
}

package struct ArchivedFile: Equatable, Sendable {
    package var path: String
    package var bytes: Int64

    package init(path: String, bytes: Int64) {
        self.path = path
        self.bytes = bytes
    }
}

/// Why a copy failed. All but `gone` are worth another try; none ever causes another POST.
package enum ArchiveFailure: Error, Equatable, Sendable {
    /// The link is dead (403, 404, 410): ask the provider for a fresh one.
    case gone(words: String)
    /// The download failed or was cut.
    case transfer(words: String)
    /// What came is no whole MP4, or not of the stated length.
    case notVideo(words: String)
    /// Our disk: full, read-only, missing.
    case disk(words: String)
    /// Larger than the archive may grow.
    case tooLarge(words: String)
}
