import CrashPoints
import Dispatch
package import Gateway
package import HTTPFetching
import Transport
package import VideoJobs

/// Copies of finished videos as files in one folder.
///
/// A file has its name only once it is whole, verified and durable; so what is found under a name is a copy,
/// and a crash between the name and the database costs one reading of the file.
package final class FileResultArchive: ResultArchive {
    typealias Download =
        @Sendable (FetchRequest, @escaping @Sendable ([UInt8]) throws -> Void) async -> FetchOutcome

    private let places: ArchivePlaces
    private let settings: ArchiveSettings
    private let download: Download
    /// Files make callers wait; Swift's few shared threads must not.
    private let disk = DispatchQueue(label: "reelgate.archive", attributes: .concurrent)

    /// Opens the archive in a folder, which is made if there is none, and clears away what a crash left
    /// unfinished.
    package static func open(
        directory: String, fetcher: HTTPFetcher, settings: ArchiveSettings
    ) throws(ArchiveFailure) -> FileResultArchive {
        try FileResultArchive(directory: directory, settings: settings) { request, sink in
            await fetcher.download(request, to: sink)
        }
    }

    init(
        directory: String, settings: ArchiveSettings, download: @escaping Download
    ) throws(ArchiveFailure) {
        self.places = ArchivePlaces(root: directory)
        self.settings = settings
        self.download = download
        do {
            try FileSystem.makeFolder(directory)
            // A folder that cannot be written should be known at the start, not after the first paid video.
            _ = try DurableFile("\(directory)/probe")
        } catch {
            throw ArchiveFaults.failure(error)
        }
        // A barrier: copies wait until it is done, so that it takes no file that is being written.
        disk.async(flags: .barrier) { [places] in Self.removeLeftovers(places) }
    }

    package func copy(_ link: String, as place: ContentPlace) async throws(ArchiveFailure) -> ArchivedResult {
        guard let path = places.path(of: place) else {
            throw .disk(words: "the task's name cannot be a file's name")
        }
        if let existing = try await onDisk({ [settings] in Self.existing(path, settings) }) {
            return existing
        }
        guard Self.isFetchable(link) else {
            throw .transfer(words: "the provider's result link is no http(s) link")
        }
        let copy = try await onDisk { [places, settings] in
            try Self.restoreRoot(places.root)
            try IncomingCopy.checkSpace(in: places.root, settings)
            return try IncomingCopy(to: path, root: places.root, settings: settings)
        }
        reached(.copyBegun)
        let outcome = await download(request(link)) { piece in try copy.take(piece) }
        return try await onDisk { [settings] in
            defer { copy.drop() }
            let answer = try Self.answer(outcome, of: copy, settings)
            return try copy.finish(announced: Self.announced(answer))
        }
    }

    package func file(at place: ContentPlace) async -> ArchivedFile? {
        guard let path = places.path(of: place) else { return nil }
        let bytes = (try? FileSystem.size(of: path)) ?? nil
        return bytes.map { ArchivedFile(path: path, bytes: $0) }
    }

    package func remove(_ place: ContentPlace) async throws(ArchiveFailure) {
        guard let path = places.path(of: place) else { return }
        try await onDisk {
            guard try FileSystem.remove(path) else { return }
            try FileSystem.sync(folder: FileSystem.folder(of: path))
        }
    }

    /// How many bytes all copies have together.
    package func totalBytes() async throws(ArchiveFailure) -> Int64 {
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
    ) async throws(ArchiveFailure) -> Value {
        let result = await withCheckedContinuation { caller in
            disk.async { caller.resume(returning: Result { try work() }) }
        }
        return try result.mapError(ArchiveFaults.failure).get()
    }
}

extension FileResultArchive {
    /// Whether a link may be asked at all. Its text comes from the provider.
    private static func isFetchable(_ link: String) -> Bool {
        let start = link.prefix(8).lowercased()
        return (start.hasPrefix("http://") || start == "https://") && link.utf8.count <= 8_192
            && link.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// Makes the folder again if it was removed since the start, and makes its name durable.
    private static func restoreRoot(_ root: String) throws(SystemFailure) {
        guard try FileSystem.size(of: root) == nil else { return }
        try FileSystem.makeFolder(root)
        try FileSystem.sync(folder: FileSystem.folder(of: root))
    }

    /// A copy that is here already, read again: it may be from before a crash, or damaged since.
    private static func existing(_ path: String, _ settings: ArchiveSettings) -> ArchivedResult? {
        do {
            let file = try OpenFile(path)
            var check = VideoCheck(verify: settings.verify)
            while check.bytes < file.size {
                let piece = try file.read(at: check.bytes, count: 1 << 20)
                guard !piece.isEmpty else { return nil }
                try check.take(piece)
            }
            return try check.finish()
        } catch {
            // None, or none that can be used: a new copy replaces it.
            return nil
        }
    }

    private static func answer(
        _ outcome: FetchOutcome, of copy: IncomingCopy, _ settings: ArchiveSettings
    ) throws(ArchiveFailure) -> FetchResponse {
        if let failure = copy.failure { throw failure }
        switch outcome {
        case .answered(let answer):
            if let refusal = ArchiveFaults.refusal(answer.status) { throw refusal }
            return answer
        case .failed(let failure):
            throw ArchiveFaults.transfer(failure, bytesMax: settings.bytesMax)
        }
    }

    /// The length that the other side announced, if it is the length of what we wrote.
    private static func announced(_ answer: FetchResponse) -> Int64? {
        let isPlain = (answer["Content-Encoding"] ?? "identity").lowercased() == "identity"
        return isPlain ? answer["Content-Length"].flatMap { Int64($0) } : nil
    }

    private static func removeLeftovers(_ places: ArchivePlaces) {
        for folder in ((try? places.shards()) ?? []) + [places.root] {
            let names = (try? FileSystem.names(in: folder)) ?? []
            for name in names where name.hasSuffix(DurableFile.temporarySuffix) {
                // One that cannot be removed now is tried again at the next start.
                _ = try? FileSystem.remove("\(folder)/\(name)")
            }
        }
    }
}
