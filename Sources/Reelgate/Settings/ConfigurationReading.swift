import HTTPServing
import TLS
import VideoJobs
import WebhookClient

/// A configuration and everything that it names, read and validated together: the catalog, the key, the
/// certificates, the secrets of webhooks, and the receivers of notices.
///
/// `serve`, SIGHUP and `check` all use it, so that they accept the same. Finds every issue, not only the
/// first.
struct ConfigurationReading {
    /// Where the provider's key is read from.
    enum KeySource {
        /// The one source that environment and settings name.
        case chosen
        /// The same as before, whose file may have moved. A key from the environment is not read again.
        case following(APIKeySource)
    }

    /// The names of the files that were read.
    private(set) var files: [String] = []
    private(set) var issues: [SettingIssue] = []
    /// Why there is no key; `nil` if there is one, or an invalid one.
    private(set) var missingKey: SettingsError?
    /// With the default for each invalid value; `nil` without a file that can be read.
    private(set) var configuration: Configuration?
    /// The catalog's file; `nil` if it cannot be read.
    private(set) var catalogText: ConfigurationText?
    // `nil` if it is not valid:
    private(set) var catalog: ModelCatalog?
    private(set) var key: ProviderKey?
    private(set) var webhooks: WebhookSettings?
    private(set) var receivers: [NoticeReceiver]?
    private(set) var identities: [TLSIdentity?]?

    /// Reads all files. Blocks.
    ///
    /// - Parameter folder: where files are looked for that nothing names.
    init(
        flags: SettingsFlags, environment: [String: String], key source: KeySource = .chosen,
        folder: ConfigurationFolder = .working
    ) {
        let text = collect { () throws(SettingsError) in
            try folder.settingsText(flags: flags, environment: environment)
        }
        guard let text else { return }
        files.append(text.name)
        let settings = readSettings(text, flags, environment)
        readCatalog(beside: text, in: folder)
        guard let settings, let catalogText else { return }
        let configuration = Configuration(
            settings: settings, catalog: catalogText, environment: environment, file: text, flags: flags)
        self.configuration = configuration
        readKey(of: configuration, from: source)
        webhooks = collect { () throws(SettingsError) in try configuration.readWebhooks() }
        receivers = collect { () throws(SettingsError) in try configuration.readReceivers() }
        identities = collect { () throws(SettingsError) in
            try configuration.readIdentities(protocols: HTTPServer.protocols)
        }
    }

    /// Returns what was read. Throws every issue.
    func valid() throws(SettingsError) -> ValidConfiguration {
        guard issues.isEmpty, let configuration, let catalog, let webhooks, let receivers, let identities
        else { throw SettingsError(issues: issues) }
        return ValidConfiguration(
            configuration: configuration, catalog: catalog, key: key, webhooks: webhooks,
            receivers: receivers, identities: identities)
    }

    // MARK: Parts

    private mutating func readSettings(
        _ text: ConfigurationText, _ flags: SettingsFlags, _ environment: [String: String]
    ) -> Settings? {
        guard let file = collect({ () throws(SettingsError) in try SettingsFile(text) }) else { return nil }
        let found = Settings.examine(file: file, environment: environment, flags: flags)
        issues += found.issues
        return found.settings
    }

    private mutating func readCatalog(beside text: ConfigurationText, in folder: ConfigurationFolder) {
        let found = collect { () throws(SettingsError) in try folder.catalogText(beside: text) }
        guard let found else { return }
        catalogText = found
        files.append(found.name)
        catalog = collect { () throws(SettingsError) in try found.readCatalog() }
    }

    private mutating func readKey(of configuration: Configuration, from source: KeySource) {
        do throws(SettingsError) {
            switch source {
            case .chosen: key = try configuration.readKey()
            case .following(.environment): break
            case .following(let earlier):
                key = try configuration.readKey(from: earlier.following(configuration.settings))
            }
        } catch {
            if error == APIKeySource.missing { missingKey = error } else { issues += error.issues }
        }
    }

    private mutating func collect<Value>(_ body: () throws(SettingsError) -> Value) -> Value? {
        do throws(SettingsError) {
            return try body()
        } catch {
            issues += error.issues
            return nil
        }
    }
}
