import Gateway
import Transport
import VideoJobs

/// Complete downloads that could not be published: kept, because a video among them was paid for.
///
/// One file for each result, the newest: `aside/task-rg-…-0.SHA256`. Its name is what a second download is
/// compared with, also after a restart. All together are bounded; the oldest tasks' files go first.
struct AsideFolder: Sendable {
    let root: String
    /// Bytes of all files together; a single file may be larger.
    let bytesMax: Int64

    private var folder: String { "\(root)/aside" }

    /// Whether the last download of the place was complete, too, and had the same length and digest.
    func holds(_ findings: MediaFindings, of place: ArtifactID) -> Bool {
        let size = (try? FileSystem.size(of: path(findings, place))) ?? nil
        return size == findings.bytes
    }

    /// Keeps a download in place of an earlier one of the same result.
    func keep(_ file: consuming DurableFile, _ findings: MediaFindings, of place: ArtifactID) throws {
        try makeFolder()
        try file.commit(as: path(findings, place))
        try clear(place, except: name(findings, place))
    }

    /// Keeps a file that stood in the archive.
    func keep(fileAt path: String, _ findings: MediaFindings, of place: ArtifactID) throws {
        try makeFolder()
        try FileSystem.move(path, to: self.path(findings, place))
        try clear(place, except: name(findings, place))
    }

    /// Removes what is kept of a place: it is published, or its time is over.
    func remove(_ place: ArtifactID) throws {
        for name in names where name.hasPrefix(prefix(place)) {
            try FileSystem.remove("\(folder)/\(name)")
        }
    }

    private func makeFolder() throws {
        try FileSystem.makeFolder(folder)
        try FileSystem.sync(folder: root)
    }

    private func clear(_ place: ArtifactID, except kept: String) throws {
        for name in names where name.hasPrefix(prefix(place)) && name != kept {
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
    private func prefix(_ place: ArtifactID) -> String { "\(place.task)-\(place.index)." }
    private func name(_ findings: MediaFindings, _ place: ArtifactID) -> String {
        prefix(place) + findings.sha256
    }
    private func path(_ findings: MediaFindings, _ place: ArtifactID) -> String {
        "\(folder)/\(name(findings, place))"
    }
}
