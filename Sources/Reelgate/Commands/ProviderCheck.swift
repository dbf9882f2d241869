import Gateway
import ProviderClient
import Transport
import VideoJobs

/// The check of the provider: whether it accepts the key, and which models of the catalog it lists. Buys
/// nothing.
struct ProviderCheck {
    let settings: Settings.Provider
    let key: APIKey
    let catalog: ModelCatalog
    /// The catalog's file, to which issues refer.
    let file: ConfigurationText

    /// What the provider said.
    struct Report: Equatable {
        /// One line.
        var summary = ""
        /// What the check could not find out.
        var note: String?
        var issues: [SettingIssue] = []
    }

    /// Prints what the provider says. Throws if it does not accept the key, cannot be asked, or does not list
    /// a model.
    func run() async throws {
        let account = try Service.makeAccount(
            ProviderSettings(settings, catalog.vocabulary), key, on: try EventLoop(label: "check"), nil)
        let report = try await report(of: account)
        if let note = report.note { StandardStream.error.line("note: \(note)") }
        for issue in report.issues { StandardStream.error.line(issue.description) }
        StandardStream.output.line("provider: \(report.summary)")
        guard report.issues.isEmpty else {
            let count = report.issues.count
            throw CommandError(
                count == 1
                    ? "the provider does not list 1 model of the catalog"
                    : "the provider does not list \(count) models of the catalog")
        }
    }

    private func report(of account: ProviderAccount) async throws -> Report {
        switch await account.models() {
        case .listed(let names): return report(listed: names)
        case .unsupported(let message), .rejected(let message):
            try await requireAcceptedKey(account, message)
            return Report(
                summary: "accepts the key",
                note: "the provider does not say which models it has, so the catalog was not compared "
                    + "(\(message))")
        case .unavailable(let message):
            throw CommandError(
                "the provider cannot be asked: \(message)",
                remedy: "Check provider.base_url (\(settings.baseURL)) and the network.")
        }
    }

    /// Asks for a task that does not exist: a provider that accepts the key says that it does not know it.
    private func requireAcceptedKey(_ account: ProviderAccount, _ listing: String) async throws {
        switch await account.probeKey() {
        case .notKnown, .report: return
        case .credentialsRejected(let message):
            throw CommandError(
                "the provider does not accept the key: \(message)",
                remedy: "Check the key, its account and provider.base_url (\(settings.baseURL)).")
        case .unavailable(let message, _):
            throw CommandError(
                "the provider does not say whether it accepts the key: \(message)",
                remedy: "Check provider.base_url (\(settings.baseURL)); its list of models said: \(listing)")
        }
    }

    private func report(listed names: Set<String>) -> Report {
        let missing = catalog.models(missingFrom: names)
        let expected = catalog.models.count(where: { $0.lifecycle.status != .retired })
        var report = Report(
            summary: "accepts the key and lists \(expected - missing.count) of \(expected) models")
        let line = file.lines
        report.issues = missing.map { entry in
            let index = catalog.models.firstIndex { $0.id == entry.id } ?? 0
            return SettingIssue(
                origin: .file(file.name, line: line("/models/\(index)/id")), key: entry.id,
                message: "the provider does not list this model", remedy: remedy(for: entry, names))
        }
        return report
    }

    private func remedy(for entry: ModelEntry, _ names: Set<String>) -> String {
        let listed = names.sorted()
        let similar =
            listed.first { $0.hasSuffix("/\(entry.providerModel)") }
            ?? NearestName.find(entry.providerModel, among: listed)
        if let successor = entry.lifecycle.successor {
            return "set its lifecycle to {status: retired, successor: \(successor)} once jobs are refused"
        }
        let mapping = similar.map { "set provider_id: \($0) if that is the account's id of it, or " } ?? ""
        return mapping + "set lifecycle: {status: retired} with a successor, or remove the entry"
    }
}
