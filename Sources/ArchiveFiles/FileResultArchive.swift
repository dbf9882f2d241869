import CrashPoints
import Dispatch
package import Gateway
package import HTTPFetching
import Synchronization
import Transport
package import VideoJobs

/// Copies of results as files in one folder.
///
/// A file has its name only once it is complete, durable, and verified or found unverifiable twice; so what
/// is found under a name is a copy, and a crash between the name and the database costs one reading of the
/// file.
package final class FileResultArchive: ResultArchive {
    /// Downloads a link; the sink gets the bytes of the response in the outcome.
    package typealias Download =
        @Sendable (FetchRequest, @escaping @Sendable ([UInt8]) throws -> Void) async -> FetchOutcome

    let places: ArchiveLayout
    let aside: AsideFolder
    let marker: ArchiveMarker
    /// The id that the folder must bear; `nil` until the archive is joined to a store.
    let markerID = Mutex<String?>(nil)
    private let isTidied = Atomic(false)
    private let settings: ArchiveSettings
    private let download: Download
    /// Files make callers wait; Swift's few shared threads must not.
    private let disk = DispatchQueue(label: "reelgate.archive", attributes: .concurrent)

    /// Opens the archive in a folder. Nothing is written there before it is joined to a store, but at its
    /// first use: then the folder is made if there is none, and one that cannot be written is an error.
    ///
    /// - Parameter download: does the GET of a request whose URL is a result link as the record holds it.
    package static func open(
        directory: String, isFirstUse: Bool, settings: ArchiveSettings, download: @escaping Download
    ) throws(ArchiveError) -> FileResultArchive {
        let archive = FileResultArchive(directory: directory, settings: settings, download: download)
        if isFirstUse { try archive.makeFolder() }
        return archive
    }

    init(directory: String, settings: ArchiveSettings, download: @escaping Download) {
        self.places = ArchiveLayout(root: directory)
        self.aside = AsideFolder(root: directory, bytesMax: settings.asideBytesMax)
        self.marker = ArchiveMarker(root: directory)
        self.settings = settings
        self.download = download
    }

    /// The copy of the store's high-water mark in the archive's folder.
    package var mark: MarkFile {
        MarkFile(in: places.root, kind: "archive") { [weak self] in try self?.checkFolder() }
    }

    package func copy(_ link: String, as place: ArtifactID) async throws(ArchiveError) -> ArchivedResult {
        guard let path = places.path(of: place) else {
            throw .disk(message: "the task's name cannot be a file's name")
        }
        let existing = try await onDisk { [settings, aside] in
            try self.checkFolder()
            return Self.existing(path, as: place, settings, aside)
        }
        if let existing {
            return existing
        }
        let copy = try await onDisk { [places, settings] in
            try IncomingCopy.checkSpace(in: places.root, settings)
            return try IncomingCopy(to: path, root: places.root, settings: settings)
        }
        reached(.copyBegun)
        let outcome = await download(request(link)) { piece in try copy.take(piece) }
        return try await onDisk { [settings, aside] in
            defer { copy.drop() }
            let answer = try Self.answer(outcome, of: copy, settings)
            try self.checkFolder()
            return try copy.finish(announced: Self.announced(answer), as: place, aside: aside)
        }
    }

    package func content(of artifact: ArtifactID) async throws(ArchiveError) -> ArchivedContent? {
        guard let path = places.path(of: artifact) else { return nil }
        let file = try await onDisk {
            try self.checkFolder()
            return try OpenArchiveFile.open(path)
        }
        return file.map { .file($0) }
    }

    package func remove(_ place: ArtifactID) async throws(ArchiveError) {
        guard let path = places.path(of: place) else { return }
        try await onDisk { [aside] in
            try self.checkFolder()
            try aside.remove(place)
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

    /// How many bytes all copies have together.
    package func totalBytes() async throws(ArchiveError) -> Int64 {
        try await onDisk { [places] in
            var total: Int64 = 0
            for shard in try places.shards() {
                for name in try FileSystem.names(in: shard) {
                    total += try FileSystem.size(of: "\(shard)/\(name)") ?? 0
                }
            }
            return total
        }
    }

    private func request(_ link: String) -> FetchRequest {
        var request = FetchRequest("GET", link)
        // No field of ours: the link is a foreign host's. How long a video takes depends on its size.
        request.timeout = nil
        request.stallTimeout = settings.stallTimeout
        request.responseLimit = settings.bytesMax
        // Media gain nothing from a coding; one that comes regardless is undone.
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
    /// A copy that is here already, read again: it may be from before a crash, or damaged since. One that
    /// cannot be verified counts as a download that has to come once more with the same bytes.
    private static func existing(
        _ path: String, as place: ArtifactID, _ settings: ArchiveSettings, _ aside: AsideFolder
    ) -> ArchivedResult? {
        do {
            guard let findings = try findings(in: path) else { return nil }
            if let result = findings.result(as: place, settings, wasSame: false) { return result }
            try aside.keep(fileAt: path, findings, of: place)
            return nil
        } catch {
            // None, or none that can be used: a new copy replaces it.
            return nil
        }
    }

    private static func findings(in path: String) throws -> MediaFindings? {
        let file = try OpenFile(path)
        var check = MediaCheck()
        while check.bytes < file.size {
            let piece = try file.read(at: check.bytes, count: 1 << 20)
            guard !piece.isEmpty else { return nil }
            check.take(piece)
        }
        return check.finish()
    }

    private static func answer(
        _ outcome: FetchOutcome, of copy: IncomingCopy, _ settings: ArchiveSettings
    ) throws(ArchiveError) -> FetchResponse {
        if let failure = copy.failure { throw failure }
        switch outcome {
        case .answered(let answer):
            let refusal = ArchiveErrorMapper.refusal(answer.status, retryAfter: answer.retryAfter)
            if !isWholeRange(answer), let refusal { throw refusal }
            return answer
        case .failed(let failure):
            throw ArchiveErrorMapper.transfer(failure, bytesMax: settings.bytesMax)
        }
    }

    /// Whether a 206 that nobody asked for holds everything all the same (RFC 9110 §14.4).
    private static func isWholeRange(_ answer: FetchResponse) -> Bool {
        guard answer.status == 206, let length = announced(answer) else { return false }
        return answer["Content-Range"] == "bytes 0-\(length - 1)/\(length)"
    }

    /// The length that the other side announced, if it is the length of what we wrote.
    private static func announced(_ answer: FetchResponse) -> Int64? {
        answer.contentCoding == nil ? answer["Content-Length"].flatMap { Int64($0) } : nil
    }

    /// Clears away what a crash left unfinished, when the folder is first known to be the archive's.
    func removeLeftoversOnce() {
        guard !isTidied.exchange(true, ordering: .relaxed) else { return }
        // A barrier: copies wait until it is done, so that it takes no file that is being written.
        disk.async(flags: .barrier) { [places] in Self.removeLeftovers(places) }
    }

    private static func removeLeftovers(_ places: ArchiveLayout) {
        for folder in ((try? places.shards()) ?? []) + [places.root] {
            let names = (try? FileSystem.names(in: folder)) ?? []
            for name in names where name.hasSuffix(DurableFile.temporarySuffix) {
                // One that cannot be removed now is tried again at the next start.
                _ = try? FileSystem.remove("\(folder)/\(name)")
            }
        }
    }
}
