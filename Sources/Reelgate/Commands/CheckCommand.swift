import ArgumentParser

/// `reelgate check`: validates configuration and job files offline.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates the configuration and job files.",
        discussion: """
            Finds the configuration as serve does, validates it and its model catalog, and checks each job \
            file against the rules of its model. Reports every issue with file and line. Spends nothing, and \
            makes no network calls without --online, which asks the provider whether it accepts the key and \
            which models of the catalog it lists.
            """)

    @Option(parsing: .unconditional, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "Also asks the provider whether the key works and which models it has; buys nothing.")
    var online = false

    @Flag(help: "With --online: also sends a test notice to each receiver of notices.")
    var notify = false

    @Argument(help: ArgumentHelp("Files with one job each.", valueName: "job.json"))
    var jobs: [String] = []

    func validate() throws {
        if notify, !online {
            throw ValidationError("--notify sends a test notice to each receiver: give --online as well")
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
        if online { try await checkProvider(report) }
        if notify, let settings = report.settings { try await NoticeCheck(settings, report.receivers).run() }
    }

    private func checkProvider(_ report: ConfigurationCheck.Report) async throws {
        guard let settings = report.settings, let catalog = report.catalog else { return }
        if let key = report.key {
            return try await ProviderCheck(
                settings: settings.provider, key: key, catalog: catalog.models, file: catalog.file
            ).run()
        }
        // The receivers of notices can be tested without the key.
        guard notify else {
            throw CommandError(
                "there is no key to ask the provider with", remedy: APIKeySource.missing.issues[0].remedy)
        }
        StandardStream.error.line("note: without a key the provider was not asked")
    }
}
