/// Why a copy failed. All but `gone` are worth another try; none ever causes another POST.
package enum ArchiveError: Error, Equatable, Sendable {
    /// The link has expired (403, 404, 410): ask the provider for a fresh one.
    case gone(message: String)
    /// The download failed or was cut.
    ///
    /// - Parameter retryAfter: how long the host asks to wait.
    case transfer(message: String, retryAfter: Duration? = nil)
    /// The download was cut, but the archive has more of it than before: the next try continues it.
    ///
    /// - Parameters:
    ///   - gained: bytes by which it is longer than before, at least 1.
    ///   - missing: bytes that are still missing; `nil` if the host has not stated the length.
    case interrupted(message: String, gained: Int64, missing: Int64?)
    /// The download is not a complete MP4, or has another length than stated.
    case notVideo(message: String)
    /// Our disk: full, read-only, missing.
    case disk(message: String)
    /// Larger than the archive may grow.
    case tooLarge(message: String)
    /// The folder is not the archive that belongs to the store: not mounted, replaced, or not readable.
    /// Nothing is written into it.
    case unavailable(message: String)
}

extension ArchiveError {
    /// How long the host asks to wait.
    var retryAfter: Duration? {
        switch self {
        case .transfer(_, let wait): wait
        case .gone, .interrupted, .notVideo, .disk, .tooLarge, .unavailable: nil
        }
    }

    /// What went wrong, without link or key.
    package var message: String {
        switch self {
        case .gone(let message), .transfer(let message, _), .interrupted(let message, _, _),
            .notVideo(let message), .disk(let message), .tooLarge(let message), .unavailable(let message):
            message
        }
    }
}
