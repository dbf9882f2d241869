import Gateway
import Transport
import VideoJobs

/// Where in the archive's folder a video lies: `4f/task-rg-…-0.mp4`, over 256 folders.
struct ArchiveLayout: Sendable {
    let root: String

    /// `nil` for a name that could lead elsewhere. Ours never do; but they come from a database that people
    /// can edit.
    func path(of place: ArtifactID) -> String? {
        let name = place.task.text.utf8
        let isSafe = name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isSafe, (1...120).contains(name.count), (0...9_999).contains(place.index) else { return nil }
        let shard = SHA256Digest.hex(of: Array(name)).prefix(2)
        return "\(root)/\(shard)/\(place.task)-\(place.index).mp4"
    }

    /// The folders that hold videos.
    func shards() throws(SystemError) -> [String] {
        try FileSystem.names(in: root).filter { $0.count == 2 }.map { "\(root)/\($0)" }
    }
}
