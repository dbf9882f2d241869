import CrashPoints
import Gateway
import Synchronization
import Transport
import VideoJobs

/// A result on its way into the archive: takes pieces, and becomes a file whole, is kept aside whole, or
/// leaves no trace.
final class IncomingCopy: Sendable {
    private struct Parts: ~Copyable {
        var file: DurableFile
        var check = MediaCheck()
    }

    // Immutable.
    private let settings: ArchiveSettings
    private let folder: String

    private let parts: Mutex<Parts?>
    private let refusal = Mutex<ArchiveError?>(nil)

    init(to path: String, root: String, settings: ArchiveSettings) throws(SystemError) {
        self.settings = settings
        folder = FileSystem.folder(of: path)
        try FileSystem.makeFolder(folder)
        try FileSystem.sync(folder: root)
        parts = Mutex(Parts(file: try DurableFile(path)))
    }

    /// Why a piece was not taken; what then ended the download is only a consequence.
    var failure: ArchiveError? { refusal.withLock { $0 } }

    func take(_ piece: [UInt8]) throws(ArchiveError) {
        do {
            try parts.withLock { parts in
                guard parts != nil else { return }
                try write(piece, &parts!)
            }
        } catch {
            let failure = ArchiveErrorMapper.failure(error)
            refusal.withLock { $0 = failure }
            throw failure
        }
    }

    /// Verifies what came and gives it its name, or keeps it aside and throws what is wrong with it.
    func finish(announced: Int64?, as place: ArtifactID, aside: AsideFolder) throws -> ArchivedResult {
        guard let parts = parts.withLock({ $0.take() }) else {
            throw ArchiveError.transfer(message: "the copy was ended twice")
        }
        return try commit(parts, announced: announced, as: place, aside)
    }

    /// Removes what came so far.
    func drop() { parts.withLock { $0 = nil } }

    private func write(_ piece: [UInt8], _ parts: inout Parts) throws {
        let before = parts.check.bytes
        let after = before + Int64(piece.count)
        guard after <= settings.bytesMax else { throw ArchiveErrorMapper.tooLarge(settings.bytesMax) }
        if before / settings.spaceStep != after / settings.spaceStep {
            try Self.checkSpace(in: folder, settings)
        }
        parts.check.take(piece)
        try parts.file.append(piece)
        reached(.chunkWritten)
    }

    private func commit(
        _ parts: consuming Parts, announced: Int64?, as place: ArtifactID, _ aside: AsideFolder
    ) throws -> ArchivedResult {
        let bytes = parts.check.bytes
        if let announced, announced != bytes {
            throw ArchiveError.transfer(
                message: "\(bytes) bytes came of the \(announced) that were announced")
        }
        let findings = parts.check.finish()
        guard let result = findings.result(as: place, settings, wasSame: aside.holds(findings, of: place))
        else {
            let complaint = findings.complaint ?? "what came cannot be used"
            guard bytes > 0 else { throw ArchiveError.notVideo(message: complaint) }
            try aside.keep(parts.file, findings, of: place)
            throw ArchiveError.notVideo(message: "\(complaint); it is kept aside")
        }
        try parts.file.commit()
        reached(.copyDurable)
        // One that cannot be removed now goes when there are too many.
        try? aside.remove(place)
        return result
    }

    /// The store lives by the same disk in most places: the archive leaves it some room.
    static func checkSpace(in folder: String, _ settings: ArchiveSettings) throws {
        let free = try FileSystem.freeSpace(in: folder)
        guard free >= settings.reserve else {
            throw ArchiveError.disk(
                message: "only \(free) bytes are free on the archive's disk; free some space")
        }
    }
}

extension MediaFindings {
    /// What is published of these bytes; `nil` if they have to be kept aside.
    ///
    /// - Parameter wasSame: whether the last complete download, too, brought exactly these bytes.
    func result(as place: ArtifactID, _ settings: ArchiveSettings, wasSame: Bool) -> ArchivedResult? {
        let isWhole = complaint == nil
        guard !settings.verify || isWhole || (type != nil && wasSame) else { return nil }
        return ArchivedResult(
            contentType: type?.contentType ?? "application/octet-stream", bytes: bytes, sha256: sha256,
            verified: settings.verify && isWhole, fileIndex: place.index)
    }
}
