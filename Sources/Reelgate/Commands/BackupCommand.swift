import ArchiveFiles
import ArgumentParser
import FoundationEssentials
import Gateway
import GatewayProtocol
import JSONText
import StoreSQLite
import Transport
import VideoJobs

/// `reelgate backup`: copies the store into one file.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the store into one file, also while the gateway serves.",
        discussion: """
            The file is the state of one moment: tasks, jobs, clients, budgets and audit, with hashes of \
            tokens and without any key. It is an SQLite database for this user alone, and its table \
            backup_videos lists the videos that belong to it, which are not in it: copy the archive's folder \
            with rsync. A file that exists is never replaced, and an interrupted backup leaves nothing.

            reelgate restore puts it back. The gateway's audit records each backup.
            """)

    @Argument(help: "The file to make.") var file: String

    @OptionGroup var target: OperatorOption

    func validate() throws {
        if file.isEmpty || file.hasSuffix("/") { throw ValidationError("name the file to make") }
    }

    func run() async throws {
        let configuration = try target.configuration()
        let location = StoreLocation(configuration)
        try location.requireStore()
        let path = StoreLocation.absolute(file)
        if let issue = ContentDownload.issue(ofFolder: FileSystem.folder(of: path)) {
            throw CommandError("the backup cannot be written: \(issue)", remedy: "Name another file.")
        }
        if FileManager.default.fileExists(atPath: path) {
            throw CommandError("\(file) exists", remedy: "A backup never replaces a file: name another one.")
        }
        var backup = StoreBackup(of: location.path, to: path) { ArchiveLayout.relativePath(of: $0) }
        backup.expected = await recorded(path, configuration)
        let now = Timestamp(milliseconds: SystemTime.wallMilliseconds)
        let summary = try await StoreCopyRun.run { [backup] stop throws(StoreCopyError) in
            try backup.run(at: now, by: Reelgate.version, stop)
        }
        let report = StoreCopyReport(summary, archive: configuration.settings.archive.directory)
        for line in report.lines(ofBackup: path, isTerminal: StandardStream.output.isTerminal) {
            StandardStream.output.line(line)
        }
    }

    /// Returns the store of the gateway that recorded the backup in its audit; `nil` with a warning if none
    /// could. A backup is wanted most when the store cannot be written.
    private func recorded(_ path: String, _ configuration: Configuration) async -> StoreIdentity? {
        do {
            let call = OperatorCall(
                "POST", GatewayPath.backups, [BackupMember.file.rawValue: .string(path)])
            let document = try await OperatorGateway(configuration).document(call)
            guard let id = document[BackupMember.store.rawValue]?.string,
                let sequence = document[BackupMember.sequence.rawValue]?.integer
            else { throw CommandError("the gateway's response has no store") }
            return StoreIdentity(id: id, sequence: sequence)
        } catch {
            let reason = (error as? CommandError)?.what ?? "\(error)"
            StandardStream.error.line("warning: the audit has no record of this backup: \(reason)")
            return nil
        }
    }
}
