import ArgumentParser

/// `reelgate check`: validates configuration and job files offline.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates the configuration and job files.",
        discussion: """
            Finds the configuration as serve does, validates it and its model catalog, and checks each job \
            file against the rules of its model. Reports every issue with file and line. Spends nothing, and \
            makes no network calls without --online.
            """)

    @Option(parsing: .unconditional, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "Permits network calls; so far only those of --notify.")
    var online = false

    @Flag(help: "With --online: sends a test notice to each receiver of notices.")
    var notify = false

    @Argument(help: ArgumentHelp("Files with one job each.", valueName: "job.json"))
    var jobs: [String] = []

    func validate() throws {
        if notify != online {
            throw ValidationError(
                "--online and --notify belong together: they send a test notice to each receiver")
        }
    }

    func run() async throws {
        let check = ConfigurationCheck(
            flags: SettingsFlags(config: config), environment: try StartEnvironment.read())
        let report = check.report(jobs: jobs)
        for warning in report.warnings { StandardStream.error.line("note: \(warning)") }
        for issue in report.issues { StandardStream.error.line(issue.description) }
        guard report.issues.isEmpty else {
            let count = report.issues.count
            throw CommandError(count == 1 ? "1 issue" : "\(count) issues")
        }
        let files = report.files.joined(separator: ", ")
        StandardStream.output.line("good: \(files)")
        if notify, let settings = report.settings { try await NoticeCheck(settings, report.receivers).run() }
    }
}
