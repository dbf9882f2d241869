import ProviderClient
import TLS
import VideoJobs
import WebhookClient

/// The check of a configuration and job files.
struct ConfigurationCheck {
    struct Report {
        /// Names of the files that were read.
        var files: [String] = []
        var issues: [SettingIssue] = []
        /// Issues that do not fail the check.
        var warnings: [String] = []
        /// What was read; `nil` if it is not valid.
        var settings: Settings?
        var receivers: [NoticeReceiver] = []
        var key: APIKey?
        var catalog: (models: ModelCatalog, file: ConfigurationText)?
    }

    var flags: SettingsFlags
    var environment: [String: String]
    var folder = ConfigurationFolder.working

    func report(jobs: [String]) -> Report {
        let reading = ConfigurationReading(flags: flags, environment: environment, folder: folder)
        var report = Report(files: reading.files, issues: reading.issues)
        report.settings = reading.configuration?.settings
        report.receivers = reading.receivers ?? []
        report.key = reading.key?.key
        report.warnings = warnings(of: reading)
        guard let catalog = reading.catalog, let file = reading.catalogText else { return report }
        report.catalog = (catalog, file)
        let prices = PriceCheck(
            catalog: catalog, file: file.name,
            clients: report.settings.flatMap { PriceCheck.clients(in: $0) })
        report.warnings += prices.warnings
        report.issues += prices.issues
        for path in jobs {
            report.files.append(path)
            let limit = (report.settings ?? Settings()).limits.body
            report.issues += JobFile(path: path, limit: limit).issues(by: catalog)
        }
        return report
    }

    private func warnings(of reading: ConfigurationReading) -> [String] {
        var warnings = reading.configuration?.warnings ?? []
        // A configuration is often checked without its key.
        if let missing = reading.missingKey { warnings.append(missing.description) }
        for receiver in reading.receivers ?? [] where receiver.url.isExposed {
            warnings.append(
                "\(receiver.file) has a plain http URL of another machine: notices and the URL could be read "
                    + "in transit")
        }
        warnings += (reading.identities ?? []).flatMap { $0?.warnings ?? [] }.map(\.description)
        return warnings
    }
}
