import CrashPoints
import Dispatch
package import Gateway
package import HTTPFetching
import Synchronization
import Transport
package import VideoJobs

/// Copies of results as files in one folder.
///
/// A file gets its name only when it is complete, durable, and verified or found unverifiable twice. So every
/// named file is a copy, and after a crash between the rename and the database the file is only read again.
package final class FileResultArchive: ResultArchive {
    /// Downloads a link; the sink gets the bytes of the response in the outcome.
    package typealias Download =
        @Sendable (FetchRequest, @escaping @Sendable ([UInt8]) throws -> Void) async -> FetchOutcome

    let layout: ArchiveLayout
    let quarantine: QuarantineFolder
    let marker: ArchiveMarker
    /// The id that the folder's marker must have; `nil` until the archive is joined to a store.
    let markerID = Mutex<String?>(nil)
    private let areLeftoversRemoved = Atomic(false)
    private let settings: ArchiveSettings
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
        self.download = download
    }

    /// The copy of the store's high-water mark in the archive's folder.
    package var mark: MarkFile {
        MarkFile(in: layout.root, kind: "archive") { [weak self] in try self?.checkFolder() }
    }

    package func copy(_ link: String, as artifact: ArtifactID) async throws(ArchiveError) -> ArchivedResult {
        guard let path = layout.path(of: artifact) else {
            throw .disk(message: "the task's name cannot be a file's name")
        }
        let existing = try await onDisk { [settings, quarantine] in
            try self.checkFolder()
            return Self.existing(path, as: artifact, settings, quarantine)
        }
        if let existing {
            return existing
        }
        let incoming = try await onDisk { [layout, settings] in
            try IncomingArtifact.checkSpace(in: layout.root, settings)
            return try IncomingArtifact(to: path, root: layout.root, settings: settings)
        }
        reached(.copyBegun)
        let outcome = await download(request(link)) { piece in try incoming.append(piece) }
        return try await onDisk { [settings, quarantine] in
            defer { incoming.discard() }
            let response = try Self.response(in: outcome, of: incoming, settings)
            try self.checkFolder()
            return try incoming.finish(
                announced: Self.announcedLength(response), as: artifact, quarantine: quarantine)
        }
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

    package func check() async throws(ArchiveError) { try await onDisk { try self.checkFolder() } }

    package func join(
        recorded: String?, knowing copies: [ArtifactID]
    ) async throws(ArchiveError) -> String {
        try await onDisk { try self.joinFolder(recorded: recorded, knowing: copies) }
    }

    private func request(_ link: String) -> FetchRequest {
        var request = FetchRequest("GET", link)
        // No fields: the link leads to another party's host. The duration depends on the video's size.
        request.timeout = nil
        request.stallTimeout = settings.stallTimeout
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
            let error = ArchiveErrorMapper.statusError(response.status, retryAfter: response.retryAfter)
            if !isWholeRange(response), let error { throw error }
            return response
        case .failed(let failure):
            throw ArchiveErrorMapper.transfer(failure, bytesMax: settings.bytesMax)
        }
    }

    /// Returns whether a 206 to a request without a range has the whole content (RFC 9110 §14.4).
    private static func isWholeRange(_ response: FetchResponse) -> Bool {
        guard response.status == 206, let length = announcedLength(response) else { return false }
        return response["Content-Range"] == "bytes 0-\(length - 1)/\(length)"
    }

    /// Returns the stated length of the content; `nil` if there is none, or if a content coding was decoded.
    private static func announcedLength(_ response: FetchResponse) -> Int64? {
        response.contentCoding == nil ? response["Content-Length"].flatMap { Int64($0) } : nil
    }

    /// Removes the incomplete files of a crashed process, once the folder is known to be the archive's.
    func removeLeftoversOnce() {
        guard !areLeftoversRemoved.exchange(true, ordering: .relaxed) else { return }
        // A barrier: copies wait until it is done, so that it removes no file that is being written.
        disk.async(flags: .barrier) { [layout] in Self.removeLeftovers(layout) }
    }

    private static func removeLeftovers(_ layout: ArchiveLayout) {
        for folder in ((try? layout.shards()) ?? []) + [layout.root] {
            let names = (try? FileSystem.names(in: folder)) ?? []
            for name in names where name.hasSuffix(DurableFile.temporarySuffix) {
                // A file that cannot be removed now is removed at the next start.
                _ = try? FileSystem.remove("\(folder)/\(name)")
            }
        }
    }
}
