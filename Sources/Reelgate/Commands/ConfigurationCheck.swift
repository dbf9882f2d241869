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
    }

    var flags: SettingsFlags
    var environment: [String: String]
    var folder = ConfigurationFolder.working

    func report(jobs: [String]) -> Report {
        var report = Report()
        let text = collect(&report) { () throws(SettingsError) in
            try folder.settingsText(flags: flags, environment: environment)
        }
        guard let text else { return report }
        report.files.append(text.name)
        let settings = collect(&report) { () throws(SettingsError) in
            try Settings.resolve(file: try SettingsFile(text), environment: environment, flags: flags)
        }
        let catalogText = collect(&report) { () throws(SettingsError) in
            try folder.catalogText(beside: text)
        }
        guard let catalogText else { return report }
        report.files.append(catalogText.name)
        let catalog = collect(&report) { () throws(SettingsError) in try catalogText.readCatalog() }
        if let settings {
            let configuration = Configuration(
                settings: settings, catalog: catalogText, environment: environment, file: text)
            checkKey(configuration, &report)
            _ = collect(&report) { () throws(SettingsError) in try configuration.readWebhooks() }
            checkReceivers(configuration, &report)
            let identities = collect(&report) { () throws(SettingsError) in
                try configuration.readIdentities(protocols: [])
            }
            for identity in (identities ?? []).compactMap(\.self) {
                report.warnings += identity.warnings.map(\.description)
            }
        }
        guard let catalog else { return report }
        let prices = PriceCheck(
            catalog: catalog, file: catalogText.name,
            clients: settings.flatMap { PriceCheck.clients(in: $0) })
        report.warnings += prices.warnings
        report.issues += prices.issues
        for path in jobs {
            report.files.append(path)
            let limit = (settings ?? Settings()).limits.body
            report.issues += JobFile(path: path, limit: limit).issues(by: catalog)
        }
        return report
    }

    /// A configuration is often checked without its key: a missing key is a warning, an invalid one an issue.
    private func checkKey(_ configuration: Configuration, _ report: inout Report) {
        report.warnings += configuration.warnings
        do throws(SettingsError) {
            _ = try configuration.readKey()
        } catch {
            if error == APIKeySource.missing {
                report.warnings.append(error.description)
            } else {
                report.issues += error.issues
            }
        }
    }

    private func checkReceivers(_ configuration: Configuration, _ report: inout Report) {
        let receivers = collect(&report) { () throws(SettingsError) in try configuration.readReceivers() }
        report.settings = configuration.settings
        report.receivers = receivers ?? []
        for receiver in report.receivers where receiver.url.isExposed {
            report.warnings.append(
                "\(receiver.file) has a plain http URL of another machine: notices and the URL could be read "
                    + "in transit")
        }
    }

    private func collect<Value>(
        _ report: inout Report, _ body: () throws(SettingsError) -> Value
    ) -> Value? {
        do throws(SettingsError) {
            return try body()
        } catch {
            report.issues += error.issues
            return nil
        }
    }
}
