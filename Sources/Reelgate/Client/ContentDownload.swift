import FoundationEssentials
import GatewayProtocol
import HTTPFetching
import Synchronization
import Transport

/// Saves a task's video, complete and verified or not at all, and its record if that is wanted.
struct ContentDownload: Sendable {
    /// How often a download waits because of a limit of requests, and how long at most.
    private static let waitsMax = 30
    private static let waitSecondsMax = 60

    let client: GatewayClient
    let output: VideoOutput

    /// Returns why a file of this name cannot be created, as far as it is known before money is spent.
    static func issue(of path: String) -> String? {
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
            return "\(path) is a folder; name the file"
        }
        // A finished download is renamed to its name, which would replace a device or a socket.
        if let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType,
            kind != .typeRegular, kind != .typeSymbolicLink
        {
            return "\(path) is not a regular file; name a file"
        }
        return issue(ofFolder: FileSystem.folder(of: path))
    }

    /// Returns why no file can be created in a folder.
    static func issue(ofFolder folder: String) -> String? {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder else {
            return "there is no folder \(folder)"
        }
        let isWritable = FileManager.default.isWritableFile(atPath: folder)
        return isWritable ? nil : "the folder \(folder) cannot be written to"
    }

    /// Fetches the first video of a completed task. Returns the path of its file.
    func save(_ report: TaskReport) async throws -> String {
        guard let video = report.videos.first else {
            throw CommandError(
                "task \(report.id) no longer has a video",
                remedy: ProblemCode.expired.remedy())
        }
        let path = output.name.path(for: report)
        // The name may depend on the task, and others write to the folder too.
        if let issue = output.issue(of: path) {
            throw CommandError("the video was not saved: \(issue)", remedy: retry(report.id))
        }
        do {
            try await save(video, of: report.id, to: path)
            if output.hasSidecar { try await saveRecord(of: report.id, beside: path) }
        } catch let failure as SystemError {
            throw CommandError(
                "cannot write \(path): \(failure)",
                remedy: "Correct that, or save it elsewhere: \(command(report.id))")
        }
        return path
    }

    private func save(_ video: VideoReport, of id: String, to path: String) async throws {
        var failures = 0
        var waits = 0
        while true {
            do {
                return try await fetch(id, video, to: path)
            } catch let problem as GatewayProblem where problem.status == 429 && waits < Self.waitsMax {
                // The client's requests per minute: the video is paid for and stays.
                waits += 1
                await client.pause(.seconds(min(problem.retryAfter ?? 1, Self.waitSecondsMax)))
            } catch let failure as FetchError where failure.stage == .afterSending && failures < 2 {
                failures += 1  // The transfer was cut: starts again.
            }
        }
    }

    private func fetch(_ id: String, _ video: VideoReport, to path: String) async throws {
        let file = try IncomingFile(path)
        do {
            try await client.content(of: id, atMost: max(0, video.bytes)) { try file.append($0) }
        } catch let failure as FetchError where failure.stage == .stoppedBySink {
            if let error = file.failure { throw error }
            throw failure
        } catch let failure as FetchError where failure.stage == .tooLarge {
            throw damage(of: id)
        }
        guard try file.commit(ifMatching: video, replacing: output.overwrites) else { throw damage(of: id) }
    }

    private func damage(of id: String) -> CommandError {
        CommandError(
            "the video of task \(id) arrived damaged: its length or SHA-256 differs from the task's",
            remedy: retry(id))
    }

    private func saveRecord(of id: String, beside path: String) async throws {
        let record = try await client.record(of: id)
        var file = try DurableFile(path + VideoOutput.sidecarSuffix)
        try file.append(record + [UInt8(ascii: "\n")])
        if output.overwrites { try file.commit() } else { try file.commitNew() }
    }

    private func retry(_ id: String) -> String { "Fetch it again: \(command(id))" }

    private func command(_ id: String) -> String { "reelgate tasks wait \(id)\(output.arguments)" }
}

/// A file that is being received. Its pieces arrive one after the other, on another thread.
private final class IncomingFile: Sendable {
    private struct State: ~Copyable {
        var file: DurableFile
        var digest = SHA256Digest()
    }

    private let state: Mutex<State?>
    private let error = Mutex<SystemError?>(nil)

    init(_ path: String) throws(SystemError) {
        state = Mutex(State(file: try DurableFile(path)))
    }

    func append(_ bytes: [UInt8]) throws(SystemError) {
        do throws(SystemError) {
            try state.withLock { state throws(SystemError) in
                try state?.file.append(bytes)
                state?.digest.update(bytes)
            }
        } catch {
            self.error.withLock { $0 = error }
            throw error
        }
    }

    /// Why a piece could not be written.
    var failure: SystemError? { error.withLock { $0 } }

    /// Gives the file its name if its length and digest match, and returns whether they do; else removes it.
    func commit(ifMatching video: VideoReport, replacing: Bool) throws(SystemError) -> Bool {
        let taken = state.withLock { $0.take() }
        guard let taken else { preconditionFailure("committed twice") }
        return try Self.commit(taken, ifMatching: video, replacing: replacing)
    }

    private static func commit(
        _ state: consuming State, ifMatching video: VideoReport, replacing: Bool
    ) throws(SystemError) -> Bool {
        guard state.file.size == video.bytes, state.digest.finishHex() == video.sha256 else { return false }
        if replacing { try state.file.commit() } else { try state.file.commitNew() }
        return true
    }
}
