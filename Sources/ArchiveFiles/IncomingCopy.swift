import CrashPoints
import Gateway
import Synchronization
import Transport
import VideoJobs

/// A video on its way into the archive: takes pieces, and either becomes a file whole or leaves no trace.
final class IncomingCopy: Sendable {
    private struct Parts: ~Copyable {
        var file: DurableFile
        var check: VideoCheck
    }

    // Immutable.
    private let settings: ArchiveSettings
    private let folder: String

    private let parts: Mutex<Parts?>
    private let refusal = Mutex<ArchiveFailure?>(nil)

    init(to path: String, root: String, settings: ArchiveSettings) throws(SystemFailure) {
        self.settings = settings
        folder = FileSystem.folder(of: path)
        try FileSystem.makeFolder(folder)
        try FileSystem.sync(folder: root)
        parts = Mutex(Parts(file: try DurableFile(path), check: VideoCheck(verify: settings.verify)))
    }

    /// Why a piece was not taken; what then ended the download is only a consequence.
    var failure: ArchiveFailure? { refusal.withLock { $0 } }

    func take(_ piece: [UInt8]) throws(ArchiveFailure) {
        do {
            try parts.withLock { parts in
                guard parts != nil else { return }
                try write(piece, &parts!)
            }
        } catch {
            let failure = ArchiveFaults.failure(error)
            refusal.withLock { $0 = failure }
            throw failure
        }
    }

    /// Verifies what came and gives it its name.
    func finish(announced: Int64?) throws -> ArchivedResult {
        guard let parts = parts.withLock({ $0.take() }) else {
            throw ArchiveFailure.transfer(words: "the copy was ended twice")
        }
        return try Self.commit(parts, announced: announced)
    }

    /// Removes what came so far.
    func drop() { parts.withLock { $0 = nil } }

    private func write(_ piece: [UInt8], _ parts: inout Parts) throws {
        let before = parts.check.bytes
        let after = before + Int64(piece.count)
        guard after <= settings.bytesMax else { throw ArchiveFaults.tooLarge(settings.bytesMax) }
        if before / settings.spaceStep != after / settings.spaceStep {
            try Self.checkSpace(in: folder, settings)
        }
        try parts.check.take(piece)
        try parts.file.append(piece)
        reached(.pieceWritten)
    }

    private static func commit(_ parts: consuming Parts, announced: Int64?) throws -> ArchivedResult {
        let bytes = parts.check.bytes
        if let announced, announced != bytes {
            throw ArchiveFailure.notVideo(
                words: "\(bytes) bytes came of the \(announced) that were announced")
        }
        let result = try parts.check.finish()
        try parts.file.commit()
        reached(.copyDurable)
        return result
    }

    /// The store lives by the same disk in most places: the archive leaves it some room.
    static func checkSpace(in folder: String, _ settings: ArchiveSettings) throws {
        let free = try FileSystem.freeSpace(in: folder)
        guard free >= settings.reserve else {
            throw ArchiveFailure.disk(
                words: "only \(free) bytes are free on the archive's disk; free some space")
        }
    }
}
