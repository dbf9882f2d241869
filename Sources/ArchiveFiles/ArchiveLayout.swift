import Gateway
import Transport
import VideoJobs

/// The names of files in the archive's folder: `4f/task-rg-…-0.mp4`, over 256 folders.
struct ArchiveLayout: Sendable {
    let root: String

    /// Returns the path of an artifact; `nil` for an id that could lead out of the folder. The gateway makes
    /// no such id, but a person can edit the database.
    func path(of artifact: ArtifactID) -> String? {
        let name = artifact.task.text.utf8
        let isSafe = name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isSafe, (1...120).contains(name.count), (0...9_999).contains(artifact.index) else { return nil }
        let shard = SHA256Digest.hex(of: Array(name)).prefix(2)
        return "\(root)/\(shard)/\(artifact.task)-\(artifact.index).mp4"
    }

    /// Returns the folders that hold videos.
    func shards() throws(SystemError) -> [String] {
        try FileSystem.names(in: root).filter { $0.count == 2 }.map { "\(root)/\($0)" }
    }
}
