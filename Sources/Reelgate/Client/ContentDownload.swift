import FoundationEssentials
import HTTPFetching
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
        // A finished download is renamed to its name, which would replace a device or a socket.
        if let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType,
            kind != .typeRegular, kind != .typeSymbolicLink
        {
            return "\(path) is no regular file; name a file"
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
            throw CommandError(
                "task \(report.id) has no video any more",
                remedy: "The gateway keeps videos for the time that its archive.keep says.")
        }
        var failures = 0
        while true {
            do {
                return try await fetch(report.id, video)
            } catch let failure as FetchError where failure.stage == .afterSending && failures < 2 {
                failures += 1  // Cut on the way: from the start again.
            } catch let failure as SystemError {
                throw CommandError(
                    "cannot write \(path): \(failure)",
                    remedy: "Mend that, or save it elsewhere: \(again(report.id))")
            }
        }
    }

    private func fetch(_ id: String, _ video: TaskReport.Video) async throws {
        let file = try IncomingFile(path)
        do {
            try await client.content(of: id) { try file.append($0) }
        } catch let failure as FetchError where failure.stage == .stoppedBySink {
            if let fault = file.failure { throw fault }
            throw failure
        }
        guard try file.keep(ifLike: video) else {
            throw CommandError(
                "the video of task \(id) came damaged: its length or SHA-256 is not what the gateway told",
                remedy: "Fetch it again: \(again(id))")
        }
    }

    private func again(_ id: String) -> String { "reelgate tasks wait \(id) --output \(path)" }
}

/// A file that is being received. Its pieces come one after the other, from another thread.
private final class IncomingFile: Sendable {
    private struct State: ~Copyable {
        var file: DurableFile
        var digest = SHA256Digest()
    }

    private let state: Mutex<State?>
    private let fault = Mutex<SystemError?>(nil)

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
            fault.withLock { $0 = error }
            throw error
        }
    }

    /// Why a piece could not be written, if one could not.
    var failure: SystemError? { fault.withLock { $0 } }

    /// Gives the file its name if it is what was announced; else it is gone, and the answer is no.
    func keep(ifLike video: TaskReport.Video) throws(SystemError) -> Bool {
        let taken = state.withLock { $0.take() }
        guard let taken else { preconditionFailure("kept twice") }
        return try Self.keep(taken, ifLike: video)
    }

    private static func keep(
        _ state: consuming State, ifLike video: TaskReport.Video
    ) throws(SystemError) -> Bool {
        guard state.file.size == video.bytes, state.digest.finishHex() == video.sha256 else { return false }
        try state.file.commit()
        return true
    }
}
