import ArgumentParser
import FoundationEssentials
import TLS
import VideoJobs

/// `reelgate check`: configuration and job files, offline.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates the configuration and job files offline.",
        discussion: """
            Finds the configuration as serve does, reads it and its catalog of models, and holds each job \
            file against the rules of its model. Names every fault with file and line. Spends nothing and \
            calls nobody.
            """)

    @Option(parsing: .unconditional, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Argument(help: ArgumentHelp("Files that hold one job each.", valueName: "job.json"))
    var jobs: [String] = []

    func run() async throws {
        let check = ConfigurationCheck(
            flags: SettingsFlags(config: config), environment: ProcessInfo.processInfo.environment)
        let findings = check.findings(jobs: jobs)
        for warning in findings.warnings { StandardStream.error.line("note: \(warning)") }
        for fault in findings.faults { StandardStream.error.line(fault.description) }
        guard findings.faults.isEmpty else {
            let count = findings.faults.count
            throw CommandError(count == 1 ? "1 fault" : "\(count) faults")
        }
        let files = findings.files.joined(separator: ", ")
        StandardStream.output.line("good: \(files)")
    }
}

/// What a check finds, by reading alone.
struct ConfigurationCheck {
    struct Findings {
        /// What was read.
        var files: [String] = []
        var faults: [SettingIssue] = []
        /// What may be meant so.
        var warnings: [String] = []
    }

    var flags: SettingsFlags
    var environment: [String: String]
    var folder = ConfigurationFolder.working

    func findings(jobs: [String]) -> Findings {
        var findings = Findings()
        let text = collect(&findings) { () throws(SettingsError) in
            try folder.settingsText(flags: flags, environment: environment)
        }
        guard let text else { return findings }
        findings.files.append(text.name)
        let settings = collect(&findings) { () throws(SettingsError) in
            try Settings.resolve(file: try SettingsFile(text), environment: environment, flags: flags)
        }
        let catalogText = collect(&findings) { () throws(SettingsError) in
            try folder.catalogText(beside: text)
        }
        guard let catalogText else { return findings }
        findings.files.append(catalogText.name)
        let catalog = collect(&findings) { () throws(SettingsError) in try catalogText.readCatalog() }
        if let settings {
            let configuration = Configuration(
                settings: settings, catalog: catalogText, environment: environment, file: text)
            lookForKey(configuration, &findings)
            let identities = collect(&findings) { () throws(SettingsError) in
                try configuration.readIdentities(protocols: [])
            }
            for identity in (identities ?? []).compactMap(\.self) {
                findings.warnings += identity.warnings.map(\.description)
            }
        }
        guard let catalog else { return findings }
        for path in jobs {
            findings.files.append(path)
            let limit = (settings ?? Settings()).limits.body
            findings.faults += JobFile(path: path, limit: limit).faults(by: catalog)
        }
        return findings
    }

    /// A configuration is often checked where its key is not: no key is worth a note, a bad one is a fault.
    private func lookForKey(_ configuration: Configuration, _ findings: inout Findings) {
        findings.warnings += configuration.warnings
        do throws(SettingsError) {
            _ = try configuration.readKey()
        } catch {
            if error == APIKeySource.missing {
                findings.warnings.append(error.description)
            } else {
                findings.faults += error.faults
            }
        }
    }

    private func collect<Value>(
        _ findings: inout Findings, _ body: () throws(SettingsError) -> Value
    ) -> Value? {
        do throws(SettingsError) {
            return try body()
        } catch {
            findings.faults += error.faults
            return nil
        }
    }
}
