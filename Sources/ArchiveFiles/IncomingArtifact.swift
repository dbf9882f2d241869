import CrashPoints
import Gateway
import HTTPFetching
import Synchronization
import Transport
import VideoJobs

/// A result while it is downloaded into the archive, perhaps in several attempts: becomes a file when it is
/// complete, is quarantined when it is complete and cannot be verified, is kept to be continued when it was
/// interrupted and its host allows that, or leaves no trace.
final class IncomingArtifact: Sendable {
    private struct Parts: ~Copyable {
        var file: DurableFile
        var inspector = MediaInspector()
        /// Of a download that can be continued.
        var log: PartialLog?
        var point: ResumePoint?
        /// Bytes that are not synced since the download was last interrupted.
        var unsynced: Int64 = 0
    }

    /// How often in a row nothing is gained before one attempt requests the whole result again.
    private static let fruitlessMax = 3
    /// Unsynced bytes from which an interrupted download is synced.
    private static let syncStep: Int64 = 8 << 20

    // Immutable.
    private let settings: ArchiveSettings
    private let folder: String

    private let parts: Mutex<Parts?>
    private let attempt = Mutex(DownloadAttempt())
    /// Attempts in a row that gained nothing.
    private let fruitless = Mutex(0)

    init(to path: String, root: String, settings: ArchiveSettings) throws(SystemError) {
        self.settings = settings
        folder = FileSystem.folder(of: path)
        try FileSystem.makeFolder(folder)
        try FileSystem.sync(folder: root)
        parts = Mutex(Parts(file: try DurableFile(path)))
    }

    /// Continues a file of an earlier process.
    init(_ partial: consuming sending PartialFile, settings: ArchiveSettings) {
        self.settings = settings
        folder = FileSystem.folder(of: partial.file.path)
        let point = partial.point
        parts = Mutex(
            Parts(file: partial.file, inspector: partial.inspector, log: partial.log, point: point))
    }

    /// Bytes received so far.
    var bytes: Int64 { parts.withLock { $0?.inspector.bytes ?? 0 } }
    /// The path of the unfinished file; `nil` after its end.
    var temporaryPath: String? { parts.withLock { $0?.file.temporaryPath } }
    /// Why a piece could not be appended, which then also ended the download.
    var failure: ArchiveError? { attempt.withLock { $0.failure } }
    /// Whether what was received must be discarded, and the result requested from its start.
    var isStale: Bool { attempt.withLock { $0.isStale } }
    /// Whether the current request is for the rest.
    var isRanged: Bool { attempt.withLock { $0.isRanged } }

    /// Whether all bytes were received, so that only their verification is left.
    var isWhole: Bool {
        parts.withLock { parts in
            guard let total = parts?.point?.total, total > 0 else { return false }
            return parts?.inspector.bytes == total
        }
    }

    /// Begins an attempt. Returns the fields of its request.
    func beginAttempt() -> [(name: String, value: String)] {
        let isPlain = fruitless.withLock { $0 % (Self.fruitlessMax + 1) == Self.fruitlessMax }
        let (start, fields) = parts.withLock { parts in
            let start = parts?.inspector.bytes ?? 0
            return (start, start > 0 && !isPlain ? parts?.point?.fields(after: start) : nil)
        }
        attempt.withLock { $0 = DownloadAttempt(start: start, isRanged: fields != nil) }
        return fields ?? []
    }

    /// The receiver of the current attempt.
    var sink: DownloadSink {
        var sink = DownloadSink { try self.append($0) }
        sink.begin = { try self.begin($0) }
        sink.preceding = { self.lastBytes($0) }
        return sink
    }

    func markStale() { attempt.withLock { $0.isStale = true } }

    /// Verifies the download and gives it its name, or quarantines it and throws why.
    ///
    /// - Parameter response: the head of the complete response; `nil` if none was needed.
    func finish(
        _ response: FetchResponse?, as artifact: ArtifactID, quarantine: QuarantineFolder
    ) throws -> ArchivedResult {
        if let response {
            if !attempt.withLock({ $0.hasBegun }) { try begin(response) }
            try checkLength(response)
        }
        guard let parts = parts.withLock({ $0.take() }) else {
            throw ArchiveError.transfer(message: "the copy was ended twice")
        }
        return try commit(parts, as: artifact, quarantine)
    }

    /// Removes the bytes that were appended; no effect after `finish`.
    func discard() {
        guard let parts = parts.withLock({ $0.take() }) else { return }
        Self.remove(parts)
    }
}

// Interruptions.
extension IncomingArtifact {
    /// Returns whether the bytes so far may be continued by a later attempt.
    var canContinue: Bool {
        guard !isStale else { return false }
        return parts.withLock { parts in parts?.point != nil && parts?.inspector.bytes ?? 0 > 0 }
    }

    /// Completes the log after an interruption. Returns how many bytes the attempt has gained, and how many
    /// are missing if that is known.
    func suspend() throws -> (gained: Int64, missing: Int64?) {
        let (bytes, total) = try parts.withLock { parts in
            guard parts != nil else { return (Int64(0), Int64?.none) }
            try Self.record(&parts!)
            if parts!.unsynced >= Self.syncStep {
                try parts!.file.syncUnfinished()
                try parts!.log?.sync()
                parts!.unsynced = 0
            }
            return (parts!.inspector.bytes, parts!.point?.total)
        }
        let gained = max(0, bytes - attempt.withLock { $0.start })
        fruitless.withLock { $0 = gained > 0 ? 0 : $0 + 1 }
        return (gained, total.map { $0 - bytes })
    }

    private static func record(_ parts: inout Parts) throws {
        let record = PartialLog.Record(
            bytes: parts.inspector.bytes, sha256: parts.inspector.sha256SoFar())
        try parts.log?.record(record)
    }

    private static func remove(_ parts: consuming Parts) {
        if parts.point != nil { PartialLog.remove(of: parts.file.temporaryPath) }
        // The file is removed with its value.
        parts.file.isKept = false
    }
}

// Receiving.
extension IncomingArtifact {
    private func begin(_ response: FetchResponse) throws {
        try recordingFailure {
            try parts.withLock { parts in
                guard parts != nil else { return }
                try begin(response, &parts!)
            }
            attempt.withLock { $0.hasBegun = true }
        }
    }

    private func begin(_ response: FetchResponse, _ parts: inout Parts) throws {
        let body: ResumePoint.Body
        if attempt.withLock({ $0.isRanged }), let point = parts.point {
            do {
                body = try point.body(of: response, after: parts.inspector.bytes)
            } catch let error as ResumePoint.MismatchError {
                markStale()
                throw ArchiveError.transfer(message: error.message)
            }
        } else {
            body = try ResumePoint.body(of: response)
        }
        switch body {
        case .whole(let point): try restart(&parts, point)
        case .rest(let end, let point):
            parts.point = point
            attempt.withLock { $0.end = end }
            reached(.copyResumed)
        }
    }

    /// Begins again at the first byte.
    private func restart(_ parts: inout Parts, _ point: ResumePoint?) throws {
        if parts.inspector.bytes > 0 {
            try parts.file.truncate(to: 0)
            parts.inspector = MediaInspector()
        }
        let path = parts.file.temporaryPath
        if let point {
            parts.log = try PartialLog.begin(of: path, point)
        } else if parts.log != nil {
            parts.log = nil
            PartialLog.remove(of: path)
        }
        parts.point = point
        parts.file.isKept = point != nil
    }

    /// Appends the next piece. Ignored after `finish` and `discard`.
    func append(_ piece: [UInt8]) throws(ArchiveError) {
        try recordingFailure {
            try parts.withLock { parts in
                guard parts != nil else { return }
                try append(piece, to: &parts!)
            }
        }
    }

    private func append(_ piece: [UInt8], to parts: inout Parts) throws {
        let before = parts.inspector.bytes
        let after = before + Int64(piece.count)
        guard after <= settings.bytesMax else { throw ArchiveErrorMapper.tooLarge(settings.bytesMax) }
        if let end = attempt.withLock({ $0.end }), after > end {
            markStale()
            throw ArchiveError.transfer(message: "the host sent more than the requested part")
        }
        if before / settings.spaceStep != after / settings.spaceStep {
            try settings.checkSpace(in: folder)
        }
        parts.inspector.consume(piece)
        try parts.file.append(piece)
        parts.unsynced += Int64(piece.count)
        reached(.chunkWritten)
        guard parts.log?.isDue(at: after) == true else { return }
        try Self.record(&parts)
        reached(.partialRecorded)
    }

    private func lastBytes(_ count: Int) -> [UInt8] {
        parts.withLock { parts in
            guard parts != nil else { return [] }
            let start = max(0, parts!.inspector.bytes - Int64(count))
            let bytes = try? parts!.file.read(at: start, count: Int(parts!.inspector.bytes - start))
            return bytes ?? []
        }
    }

    private func recordingFailure(_ body: () throws -> Void) throws(ArchiveError) {
        do {
            try body()
        } catch {
            let failure = ArchiveErrorMapper.failure(error)
            attempt.withLock { $0.failure = failure }
            throw failure
        }
    }

    /// Throws if a complete response had another length than it stated.
    private func checkLength(_ response: FetchResponse) throws(ArchiveError) {
        let bytes = bytes
        if let end = attempt.withLock({ $0.end }) {
            guard bytes == end else {
                markStale()
                throw .transfer(message: "the host sent less than the part that it stated")
            }
            guard isWhole else { throw .transfer(message: "the host sent only a part of the rest") }
        } else if let announced = response.announcedLength, announced != bytes {
            markStale()
            throw .transfer(message: "\(bytes) bytes of \(announced) announced ones were received")
        }
    }
}

// The end.
extension IncomingArtifact {
    private func commit(
        _ parts: consuming Parts, as artifact: ArtifactID, _ quarantine: QuarantineFolder
    ) throws -> ArchivedResult {
        let isLogged = parts.point != nil
        let path = parts.file.temporaryPath
        // From here on a failure leaves nothing.
        parts.file.isKept = false
        defer { if isLogged { PartialLog.remove(of: path) } }
        let bytes = parts.inspector.bytes
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
}
