import JSONText
import StoreSQLite
import VideoJobs

/// What `backup` and `restore` print: text for a person, JSON lines for a program.
struct StoreCopyReport: Sendable {
    /// Missing videos that a person is shown.
    private static let shownMax = 20

    private let summary: StoreSummary
    /// The archive's folder.
    private let archive: String

    init(_ summary: StoreSummary, archive: String) {
        self.summary = summary
        self.archive = archive
    }

    func lines(ofBackup file: String, isTerminal: Bool) -> [String] {
        guard isTerminal else { return [Self.line(members("backup", of: file))] }
        return [
            "Copied \(Self.count(summary.tasks, "task")) to \(PrintableText.line(file)).",
            "Videos of \(archive) that belong to it: \(summary.videos). Copy that folder too.",
        ]
    }

    func lines(
        ofRestored outcome: StoreRestoration.Outcome, missing: [ManifestVideo], isTerminal: Bool
    ) -> [String] {
        guard isTerminal else {
            var members = members("restore", of: outcome.path)
            members["missing"] = .integer(Int64(missing.count))
            return missing.map { Self.line(Self.members(of: $0)) } + [Self.line(members)]
        }
        var lines = ["Restored \(Self.count(summary.tasks, "task")) to \(PrintableText.line(outcome.path))."]
        if !missing.isEmpty {
            let count = "\(missing.count) of \(summary.videos)"
            lines.append("Videos that \(archive) lacks: \(count). Copy the archive's folder:")
            lines += missing.prefix(Self.shownMax).map { "  \($0.path)" }
            if missing.count > Self.shownMax { lines.append("  and \(missing.count - Self.shownMax) more") }
        }
        lines.append(
            "The gateway will start with submission paused: settle the uncertain tasks, then run reelgate "
                + "resume --older-store.")
        return lines
    }

    private func members(_ object: String, of path: String) -> JSONObject {
        [
            "object": .string(object), "file": .string(path), "store": .string(summary.storeID),
            "sequence": .integer(summary.sequence), "tasks": .integer(Int64(summary.tasks)),
            "videos": .integer(Int64(summary.videos)), "bytes": .integer(summary.bytes),
        ]
    }

    private static func members(of video: ManifestVideo) -> JSONObject {
        [
            "object": "missing_video", "path": .string(video.path), "task": .string(video.taskID.text),
            "bytes": .integer(video.bytes), "sha256": .string(video.sha256),
        ]
    }

    private static func line(_ members: JSONObject) -> String {
        String(decoding: JSONValue.object(members).serialized(), as: UTF8.self)
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
