import FoundationEssentials

/// Where a command saves a video, and what beside it.
struct VideoOutput: Sendable {
    /// The suffix of the file with the task's record, after the video's whole name.
    static let sidecarSuffix = ".json"

    let name: OutputName
    /// Whether files that exist are replaced.
    let overwrites: Bool
    /// Whether the task's record is written beside the video.
    let hasSidecar: Bool

    /// Why files of a name cannot be created, as far as it is known before money is spent.
    var issue: String? {
        name.hasFields ? name.knownFolder.flatMap(ContentDownload.issue(ofFolder:)) : issue(of: name.text)
    }

    /// Returns why files of this path cannot be created.
    func issue(of path: String) -> String? {
        if let issue = ContentDownload.issue(of: path) { return issue }
        guard !overwrites else { return nil }
        let paths = hasSidecar ? [path, path + Self.sidecarSuffix] : [path]
        guard let existing = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            return nil
        }
        return "\(existing) exists; give another name, or --overwrite to replace it"
    }

    /// The options that save to the same place, for a shell.
    var arguments: String {
        " --output \(ShellWord.quoted(name.text))" + (overwrites ? " --overwrite" : "")
            + (hasSidecar ? " --sidecar" : "")
    }
}
