import ArchiveFiles
import ArgumentParser
import FoundationEssentials
import Gateway
import Glibc
import StoreSQLite
import Transport
import VideoJobs

/// `reelgate restore`: puts a backup where a gateway finds its store.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restores the store from a backup, and never replaces a store.",
        discussion: """
            The gateway that uses the store must be stopped. A gateway that starts with a restored store \
            sends nothing: jobs that the backup lists as queued may have been sent since, so they become \
            uncertain. Settle them, then run reelgate resume --older-store.

            Lists the videos of the backup that the archive's folder lacks. Tokens, clients and budgets are \
            those of the time of the backup: a token that was revoked since is valid again.
            """)

    @Argument(help: "The file that reelgate backup made.") var file: String

    @OptionGroup var target: OperatorOption

    func validate() throws {
        if file.isEmpty { throw ValidationError("name the backup") }
    }

    func run() async throws {
        let configuration = try target.configuration()
        let location = StoreLocation(configuration)
        try location.requireAccess()
        let restoration = StoreRestoration(of: StoreLocation.absolute(file), to: location.path) {
            ArchiveLayout.relativePath(of: $0)
        }
        let now = Timestamp(milliseconds: SystemTime.wallMilliseconds)
        var record = AuditRecord(
            at: now, actor: Caller.operatorSocket(user: geteuid()).actor, .restore, .done)
        record.detail = "from \(StoreLocation.absolute(file))"
        let outcome = try await StoreCopyRun.run { [record] stop throws(StoreCopyError) in
            try restoration.run(recording: record, stop) { StandardStream.error.line("note: \($0)") }
        }
        let archive = configuration.settings.archive.directory
        let missing = outcome.videos.filter { video in
            let size = try? FileSystem.size(of: "\(archive)/\(video.path)")
            return size != video.bytes
        }
        let report = StoreCopyReport(outcome.summary, archive: archive)
        for line in report.lines(
            ofRestored: outcome, missing: missing, isTerminal: StandardStream.output.isTerminal)
        {
            StandardStream.output.line(line)
        }
    }
}
