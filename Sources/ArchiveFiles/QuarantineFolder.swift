import Gateway
import Transport
import VideoJobs

/// The folder of complete downloads that could not be published: kept, because they may be paid videos.
///
/// One file for each result, the newest: `aside/task-rg-…-0.SHA256`. A second download is compared with this
/// name, also after a restart. The total size is limited; files of the oldest tasks are removed first.
struct QuarantineFolder: Sendable {
    /// The folder of the archive.
    let root: String
    /// Bytes of all files together; a single file may be larger.
    let bytesMax: Int64

    private var folder: String { "\(root)/aside" }

    /// Returns whether the last complete download of the artifact had the same length and digest.
    func contains(_ media: InspectedMedia, of artifact: ArtifactID) -> Bool {
        let size = (try? FileSystem.size(of: path(media, artifact))) ?? nil
        return size == media.bytes
    }

    /// Keeps a download, which replaces an earlier one of the same result.
    func insert(_ file: consuming DurableFile, _ media: InspectedMedia, of artifact: ArtifactID) throws {
        try makeFolder()
        try file.commit(as: path(media, artifact))
        try removeOthers(of: artifact, keeping: name(media, artifact))
    }

    /// Moves a file of the archive here.
    func insert(fileAt path: String, _ media: InspectedMedia, of artifact: ArtifactID) throws {
        try makeFolder()
        try FileSystem.move(path, to: self.path(media, artifact))
        try removeOthers(of: artifact, keeping: name(media, artifact))
    }

    /// Removes the file of an artifact that is published or has expired.
    func remove(_ artifact: ArtifactID) throws {
        for name in names where name.hasPrefix(prefix(artifact)) {
            try FileSystem.remove("\(folder)/\(name)")
        }
    }

    private func makeFolder() throws {
        try FileSystem.makeFolder(folder)
        try FileSystem.sync(folder: root)
    }

    /// Removes the earlier file of the artifact, and the files of the oldest tasks beyond the limit.
    private func removeOthers(of artifact: ArtifactID, keeping kept: String) throws {
        for name in names where name.hasPrefix(prefix(artifact)) && name != kept {
            try FileSystem.remove("\(folder)/\(name)")
        }
        // Task ids begin with the second of their admission.
        var files = try names.filter { $0 != kept }.sorted().map { name in
            (name: name, size: try FileSystem.size(of: "\(folder)/\(name)") ?? 0)
        }
        var total = files.reduce(try FileSystem.size(of: "\(folder)/\(kept)") ?? 0) { $0 + $1.size }
        while total > bytesMax, !files.isEmpty {
            let oldest = files.removeFirst()
            try FileSystem.remove("\(folder)/\(oldest.name)")
            total -= oldest.size
        }
    }

    private var names: [String] { (try? FileSystem.names(in: folder)) ?? [] }
    private func prefix(_ artifact: ArtifactID) -> String { "\(artifact.task)-\(artifact.index)." }
    private func name(_ media: InspectedMedia, _ artifact: ArtifactID) -> String {
        prefix(artifact) + media.sha256
    }
    private func path(_ media: InspectedMedia, _ artifact: ArtifactID) -> String {
        "\(folder)/\(name(media, artifact))"
    }
}
