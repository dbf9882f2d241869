package import Gateway
import Transport
import VideoJobs

/// The names of files in the archive's folder: `4f/task-rg-…-0.mp4`, over 256 folders.
package struct ArchiveLayout: Sendable {
    let root: String

    /// Returns the path of an artifact; `nil` for an id that could lead out of the folder. The gateway makes
    /// no such id, but a person can edit the database.
    func path(of artifact: ArtifactID) -> String? {
        Self.relativePath(of: artifact).map { "\(root)/\($0)" }
    }

    /// Returns the path of an artifact below the archive's folder; `nil` like `path`.
    package static func relativePath(of artifact: ArtifactID) -> String? {
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
        return "\(shard)/\(artifact.task)-\(artifact.index).mp4"
    }

    /// Returns the artifact of an unfinished file by its name, `task-rg-…-0.mp4.UNIQUE.part`; `nil` for
    /// other names.
    static func artifact(ofUnfinished name: String) -> ArtifactID? {
        guard name.hasSuffix(DurableFile.temporarySuffix),
            let end = name.dropLast(DurableFile.temporarySuffix.count).lastIndex(of: "."),
            name[..<end].hasSuffix(".mp4")
        else { return nil }
        let file = name[..<end].dropLast(".mp4".count)
        guard let dash = file.lastIndex(of: "-"), let index = Int(file[file.index(after: dash)...]),
            index >= 0
        else { return nil }
        return ArtifactID(task: TaskID(String(file[..<dash])), index: index)
    }

    /// Returns the folders that hold videos.
    func shards() throws(SystemError) -> [String] {
        try FileSystem.names(in: root).filter { $0.count == 2 }.map { "\(root)/\($0)" }
    }
}
