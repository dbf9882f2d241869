import CrashPoints
import Gateway
import Synchronization
import Transport
import VideoJobs

/// A result while it is downloaded into the archive: becomes a file when it is complete, is quarantined when
/// it is complete and cannot be verified, or leaves no trace.
final class IncomingArtifact: Sendable {
    private struct Parts: ~Copyable {
        var file: DurableFile
        var inspector = MediaInspector()
    }

    // Immutable.
    private let settings: ArchiveSettings
    private let folder: String

    private let parts: Mutex<Parts?>
    private let firstError = Mutex<ArchiveError?>(nil)

    init(to path: String, root: String, settings: ArchiveSettings) throws(SystemError) {
        self.settings = settings
        folder = FileSystem.folder(of: path)
        try FileSystem.makeFolder(folder)
        try FileSystem.sync(folder: root)
        parts = Mutex(Parts(file: try DurableFile(path)))
    }

    /// Why a piece could not be appended, which then also ended the download.
    var failure: ArchiveError? { firstError.withLock { $0 } }

    /// Appends the next piece. Ignored after `finish` and `discard`.
    func append(_ piece: [UInt8]) throws(ArchiveError) {
        do {
            try parts.withLock { parts in
                guard parts != nil else { return }
                try append(piece, to: &parts!)
            }
        } catch {
            let failure = ArchiveErrorMapper.failure(error)
            firstError.withLock { $0 = failure }
            throw failure
        }
    }

    /// Verifies the download and gives it its name, or quarantines it and throws why.
    ///
    /// - Parameter announced: the length that the response stated, if any.
    func finish(
        announced: Int64?, as artifact: ArtifactID, quarantine: QuarantineFolder
    ) throws -> ArchivedResult {
        guard let parts = parts.withLock({ $0.take() }) else {
            throw ArchiveError.transfer(message: "the copy was ended twice")
        }
        return try commit(parts, announced: announced, as: artifact, quarantine)
    }

    /// Removes the bytes that were appended; no effect after `finish`.
    func discard() { parts.withLock { $0 = nil } }

    private func append(_ piece: [UInt8], to parts: inout Parts) throws {
        let before = parts.inspector.bytes
        let after = before + Int64(piece.count)
        guard after <= settings.bytesMax else { throw ArchiveErrorMapper.tooLarge(settings.bytesMax) }
        if before / settings.spaceStep != after / settings.spaceStep {
            try Self.checkSpace(in: folder, settings)
        }
        parts.inspector.consume(piece)
        try parts.file.append(piece)
        reached(.chunkWritten)
    }

    private func commit(
        _ parts: consuming Parts, announced: Int64?, as artifact: ArtifactID, _ quarantine: QuarantineFolder
    ) throws -> ArchivedResult {
        let bytes = parts.inspector.bytes
        if let announced, announced != bytes {
            throw ArchiveError.transfer(
                message: "\(bytes) bytes of \(announced) announced ones were received")
        }
        let media = parts.inspector.finish()
        let isRepeated = quarantine.contains(media, of: artifact)
        guard let result = media.result(as: artifact, settings, isRepeated: isRepeated) else {
            let issue = media.issue ?? "the download cannot be used"
            guard bytes > 0 else { throw ArchiveError.notVideo(message: issue) }
            try quarantine.insert(parts.file, media, of: artifact)
            throw ArchiveError.notVideo(message: "\(issue); it is kept in the archive's folder aside/")
        }
        try parts.file.commit()
        reached(.copyDurable)
        // A file that cannot be removed now is removed when the folder exceeds its limit.
        try? quarantine.remove(artifact)
        return result
    }

    /// Throws if the disk is almost full: the store usually is on the same one.
    static func checkSpace(in folder: String, _ settings: ArchiveSettings) throws {
        let free = try FileSystem.freeSpace(in: folder)
        guard free >= settings.reserve else {
            throw ArchiveError.disk(
                message: "only \(free) bytes are free on the archive's disk; free some space")
        }
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
            verified: settings.verify && isVerified, fileIndex: artifact.index)
    }
}
