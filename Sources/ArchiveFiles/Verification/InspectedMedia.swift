import Gateway
import VideoJobs

/// The properties of a complete download.
struct InspectedMedia: Equatable, Sendable {
    /// `nil` if it begins like no media.
    var format: MediaFormat?
    var bytes: Int64
    /// Lower-case hexadecimal.
    var sha256: String
    /// Why the structure is incomplete; `nil` if it is complete, or if the format has none that is verified.
    var structureIssue: String?
    /// Whether it has a C2PA manifest; `nil` if the format was not inspected for one.
    var contentCredentials: Bool?

    /// Why verification fails, for a person; `nil` if it passes.
    var issue: String? {
        guard format != nil else {
            return bytes == 0
                ? "the download is empty" : "the download is not a known kind of media (\(bytes) bytes)"
        }
        return structureIssue.map { "the download is not a complete MP4: \($0)" }
    }
}

extension InspectedMedia {
    /// Returns the result to publish; `nil` if the download must be quarantined.
    ///
    /// - Parameter isRepeated: whether the last complete download had exactly the same bytes.
    func result(
        as artifact: ArtifactID, _ settings: ArchiveSettings, isRepeated: Bool
    ) -> ArchivedResult? {
        let isVerified = issue == nil
        guard !settings.verify || isVerified || (format != nil && isRepeated) else { return nil }
        return ArchivedResult(
            contentType: format?.contentType ?? "application/octet-stream", bytes: bytes, sha256: sha256,
            verified: settings.verify && isVerified, fileIndex: artifact.index,
            contentCredentials: contentCredentials)
    }
}
