import FoundationEssentials
import Synchronization
import Transport

/// Saves a task's video under a name of the user's, whole and verified or not at all.
struct ContentDownload: Sendable {
    let client: GatewayClient
    let path: String

    /// Whether a file of this name could be made, as far as can be told before money is spent.
    static func fault(of path: String) -> String? {
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
            return "\(path) is a folder; name the file"
        }
        let folder = FileSystem.folder(of: path)
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder else {
            return "there is no folder \(folder)"
        }
        let isWritable = FileManager.default.isWritableFile(atPath: folder)
        return isWritable ? nil : "the folder \(folder) cannot be written to"
    }

    /// Fetches the first video of a completed task.
    func save(_ report: TaskReport) async throws {
        guard let video = report.videos.first else {
            throw CommandFailure(
                "task \(report.id) has no video any more",
                remedy: "The gateway keeps videos for the time that its archive.keep says.")
        }
        let file: IncomingFile
        do {
            file = try IncomingFile(path)
        } catch {
            throw CommandFailure("cannot write \(path): \(error)", remedy: "Name another file with --output.")
        }
        try await client.content(of: report.id) { try file.append($0) }
        try file.keep(ifLike: video, retry: "reelgate tasks wait \(report.id) --output \(path)")
    }
}

/// A file that is being received. Its pieces come one after the other, from another thread.
private final class IncomingFile: Sendable {
    private struct State: ~Copyable {
        var file: DurableFile
        var digest = SHA256Digest()
    }

    private let state: Mutex<State?>

    init(_ path: String) throws(SystemFailure) {
        state = Mutex(State(file: try DurableFile(path)))
    }

    func append(_ bytes: [UInt8]) throws(SystemFailure) {
        try state.withLock { state throws(SystemFailure) in
            try state?.file.append(bytes)
            state?.digest.update(bytes)
        }
    }

    /// Gives the file its name if it is what was announced; else it is gone.
    func keep(ifLike video: TaskReport.Video, retry: String) throws {
        let taken = state.withLock { $0.take() }
        guard let taken else { preconditionFailure("kept twice") }
        try Self.keep(taken, ifLike: video, retry: retry)
    }

    private static func keep(
        _ state: consuming State, ifLike video: TaskReport.Video, retry: String
    ) throws {
        let size = state.file.size
        guard size == video.bytes, state.digest.finishHex() == video.sha256 else {
            throw CommandFailure(
                "the video came damaged: \(size) of \(video.bytes) bytes, or another SHA-256",
                remedy: "Fetch it again: \(retry)")
        }
        try state.file.commit()
    }
}
