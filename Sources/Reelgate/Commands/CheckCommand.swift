import ArgumentParser

/// `reelgate check`: validates configuration and job files offline.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates the configuration and job files offline.",
        discussion: """
            Finds the configuration as serve does, validates it and its model catalog, and checks each job \
            file against the rules of its model. Reports every issue with file and line. Makes no network \
            calls and spends nothing.
            """)

    @Option(parsing: .unconditional, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Argument(help: ArgumentHelp("Files with one job each.", valueName: "job.json"))
    var jobs: [String] = []

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
    }
}
