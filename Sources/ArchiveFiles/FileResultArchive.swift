import CrashPoints
import Dispatch
package import Gateway
package import HTTPFetching
import Synchronization
import Transport
package import VideoJobs

/// Copies of results as files in one folder.
///
/// An interrupted download is kept and continued where its host allows that (RFC 9110 §14).
/// A file gets its name only when it is complete, durable, and verified or found unverifiable twice. So every
/// named file is a copy, and after a crash between the rename and the database the file is only read again.
package final class FileResultArchive: ResultArchive {
    /// Downloads a link; the sink gets the head and the bytes of the response in the outcome.
    package typealias Download = @Sendable (FetchRequest, DownloadSink) async -> FetchOutcome

    let layout: ArchiveLayout
    let quarantine: QuarantineFolder
    let marker: ArchiveMarker
    /// The id that the folder's marker must have; `nil` until the archive is joined to a store.
    let markerID = Mutex<String?>(nil)
    private let areLeftoversFound = Atomic(false)
    private let settings: ArchiveSettings
    private let partials: PartialCopies
    private let download: Download
    /// File access blocks, which Swift's few shared threads must not.
    private let disk = DispatchQueue(label: "reelgate.archive", attributes: .concurrent)

    /// Opens the archive in a folder. Before it is joined to a store, nothing is written there except at its
    /// first use: then a missing folder is created, and one that cannot be written is an error.
    ///
    /// - Parameter download: performs a GET; the URL is a result link as the record holds it.
    package static func open(
        directory: String, isFirstUse: Bool, settings: ArchiveSettings, download: @escaping Download
    ) throws(ArchiveError) -> FileResultArchive {
        let archive = FileResultArchive(directory: directory, settings: settings, download: download)
        if isFirstUse { try archive.makeFolder() }
        return archive
    }

    init(directory: String, settings: ArchiveSettings, download: @escaping Download) {
        self.layout = ArchiveLayout(root: directory)
        self.quarantine = QuarantineFolder(root: directory, bytesMax: settings.quarantineBytesMax)
        self.marker = ArchiveMarker(root: directory)
        self.settings = settings
        self.partials = PartialCopies(layout, settings)
        self.download = download
    }

    /// The copy of the store's high-water mark in the archive's folder.
    package var mark: MarkFile {
        MarkFile(in: layout.root, kind: "archive") { [weak self] in try self?.checkFolder() }
    }

    package func copy(
        _ link: String, as artifact: ArtifactID, stallTimeout: Duration?
    ) async throws(ArchiveError) -> ArchivedResult {
        guard let path = layout.path(of: artifact) else {
            throw .disk(message: "the task's name cannot be a file's name")
        }
        let existing = try await onDisk { [settings, quarantine, partials] in
            try self.checkFolder()
            let existing = Self.existing(path, as: artifact, settings, quarantine)
            if existing != nil { partials.discard(artifact) }
            return existing
        }
        if let existing {
            return existing
        }
        let incoming = try await onDisk { try self.partials.take(artifact, to: path) ?? self.begin(path) }
        do throws(ArchiveError) {
            return try await receive(link, into: incoming, as: artifact, stallTimeout)
        } catch {
            // The host does not continue what it began: the result is requested from its start, at once.
            guard incoming.isStale, incoming.isRanged else { throw error }
        }
        let fresh = try await onDisk { try self.begin(path) }
        return try await receive(link, into: fresh, as: artifact, stallTimeout)
    }

    package func discardUnfinished(of task: TaskID) async {
        _ = try? await onDisk { self.partials.discard(of: task) }
    }

    package func discardUnfinished(exceptOf tasks: Set<TaskID>) async {
        _ = try? await onDisk { self.partials.discard(exceptOf: tasks) }
    }

    package func content(of artifact: ArtifactID) async throws(ArchiveError) -> ArchivedContent? {
        guard let path = layout.path(of: artifact) else { return nil }
        let file = try await onDisk {
            try self.checkFolder()
            return try OpenArchiveFile.open(path)
        }
        return file.map { .file($0) }
    }

    package func remove(_ artifact: ArtifactID) async throws(ArchiveError) {
        guard let path = layout.path(of: artifact) else { return }
        try await onDisk { [quarantine] in
            try self.checkFolder()
            try quarantine.remove(artifact)
            guard try FileSystem.remove(path) else { return }
            try FileSystem.sync(folder: FileSystem.folder(of: path))
        }
    }

    package func freeBytes() async -> Int64? {
        try? await onDisk { [layout, settings] in
            try self.checkFolder()
            return try FileSystem.freeSpace(in: layout.root) - settings.reserve
        }
    }

    package func check() async throws(ArchiveError) { try await onDisk { try self.checkFolder() } }

    package func join(
        recorded: String?, knowing copies: [ArtifactID]
    ) async throws(ArchiveError) -> String {
        try await onDisk { try self.joinFolder(recorded: recorded, knowing: copies) }
    }

    private func begin(_ path: String) throws -> IncomingArtifact {
        try settings.checkSpace(in: layout.root)
        return try IncomingArtifact(to: path, root: layout.root, settings: settings)
    }

    /// Downloads a result, or the rest of it.
    private func receive(
        _ link: String, into incoming: IncomingArtifact, as artifact: ArtifactID, _ stallTimeout: Duration?
    ) async throws(ArchiveError) -> ArchivedResult {
        reached(.copyBegun)
        let isWhole = incoming.isWhole
        let request = isWhole ? nil : request(link, for: incoming, stallTimeout)
        let outcome: FetchOutcome? = if let request { await download(request, incoming.sink) } else { nil }
        return try await onDisk { [settings, quarantine] in
            do {
                let response = try outcome.map { try Self.response(in: $0, of: incoming, settings) }
                try self.checkFolder()
                return try incoming.finish(response, as: artifact, quarantine: quarantine)
            } catch {
                throw self.interrupt(incoming, ArchiveErrorMapper.failure(error), outcome, artifact)
            }
        }
    }

    /// Keeps a failed download if it can be continued, else removes it. Returns the error to throw.
    private func interrupt(
        _ incoming: IncomingArtifact, _ error: ArchiveError, _ outcome: FetchOutcome?, _ artifact: ArtifactID
    ) -> ArchiveError {
        guard error.allowsContinuing, outcome?.forbidsKeeping != true, incoming.canContinue,
            let progress = try? incoming.suspend()
        else {
            incoming.discard()
            return error
        }
        partials.keep(incoming, of: artifact)
        guard progress.gained > 0, case .transfer(let message, nil) = error else { return error }
        return .interrupted(message: message, gained: progress.gained, missing: progress.missing)
    }

    private func request(
        _ link: String, for incoming: IncomingArtifact, _ stallTimeout: Duration?
    ) -> FetchRequest {
        var request = FetchRequest("GET", link)
        request.fields = incoming.beginAttempt()
        // No other fields: the link leads to another party's host. The duration depends on the video's size.
        request.timeout = nil
        request.stallTimeout = min(settings.stallTimeout, stallTimeout ?? settings.stallTimeout)
        request.connectTimeout = min(request.connectTimeout, stallTimeout ?? request.connectTimeout)
        request.responseLimit = settings.bytesMax
        // A content coding does not make media smaller. If a host applies one regardless, it is decoded.
        request.contentCoding = .identity
        return request
    }

    private func onDisk<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(ArchiveError) -> Value {
        let result = await withCheckedContinuation { caller in
            disk.async { caller.resume(returning: Result { try work() }) }
        }
        return try result.mapError(ArchiveErrorMapper.failure).get()
    }
}

extension FileResultArchive {
    /// Verifies a copy that already exists: it may be from before a crash, or damaged since. One that cannot
    /// be verified is quarantined, as a download that must arrive once more with the same bytes.
    private static func existing(
        _ path: String, as artifact: ArtifactID, _ settings: ArchiveSettings, _ quarantine: QuarantineFolder
    ) -> ArchivedResult? {
        do {
            guard let media = try inspect(path) else { return nil }
            if let result = media.result(as: artifact, settings, isRepeated: false) { return result }
            try quarantine.insert(fileAt: path, media, of: artifact)
            return nil
        } catch {
            // There is no usable copy: a new one replaces it.
            return nil
        }
    }

    private static func inspect(_ path: String) throws -> InspectedMedia? {
        let file = try OpenFile(path)
        var inspector = MediaInspector()
        while inspector.bytes < file.size {
            let piece = try file.read(at: inspector.bytes, count: 1 << 20)
            guard !piece.isEmpty else { return nil }
            inspector.consume(piece)
        }
        return inspector.finish()
    }

    private static func response(
        in outcome: FetchOutcome, of incoming: IncomingArtifact, _ settings: ArchiveSettings
    ) throws(ArchiveError) -> FetchResponse {
        if let failure = incoming.failure { throw failure }
        switch outcome {
        case .completed(let response):
            if incoming.isRanged, refusesRange(response.status) { incoming.markStale() }
            guard ResumePoint.successes.contains(response.status) else {
                throw ArchiveErrorMapper.statusError(response.status, retryAfter: response.retryAfter)
            }
            return response
        case .failed(let failure):
            throw ArchiveErrorMapper.transfer(failure, bytesMax: settings.bytesMax)
        }
    }

    /// Whether a status says that the rest of a result is not to be had, which the result may well be.
    private static func refusesRange(_ status: Int) -> Bool {
        switch status {
        case 401, 403, 404, 408, 410, 425, 429: false
        case 400...499, 501, 505: true
        default: false
        }
    }

    /// Finds the unfinished files of an earlier process, once the folder is known to be the archive's.
    func findLeftoversOnce() {
        guard !areLeftoversFound.exchange(true, ordering: .relaxed) else { return }
        // A barrier: copies wait until it is done, so that it touches no file that is being written.
        disk.async(flags: .barrier) { [partials] in partials.findLeftovers() }
    }
}

extension ArchiveError {
    /// Whether an unfinished download may be continued after the error.
    fileprivate var allowsContinuing: Bool {
        switch self {
        case .gone, .transfer, .interrupted, .unavailable: true
        case .notVideo, .disk, .tooLarge: false
        }
    }
}

extension FetchOutcome {
    /// Whether what was received must not be kept.
    fileprivate var forbidsKeeping: Bool {
        if case .failed(let error) = self { error.forbidsKeeping } else { false }
    }
}
