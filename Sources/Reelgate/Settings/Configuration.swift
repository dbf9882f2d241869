import JSONText
import Transport
import YAMLText

/// The configuration of one run: the settings and the text of the model catalog.
struct Configuration {
    var settings: Settings
    var catalog: ConfigurationText
    var environment: [String: String]
    /// The settings file.
    var file: ConfigurationText?
    var flags = SettingsFlags()

    /// Finds and reads the settings file and the model catalog beside it. Throws all issues of the settings
    /// at once.
    static func load(
        flags: SettingsFlags, environment: [String: String], folder: ConfigurationFolder = .working
    ) throws(SettingsError) -> Configuration {
        let text = try folder.settingsText(flags: flags, environment: environment)
        let file = try SettingsFile(text)
        let settings = try Settings.resolve(file: file, environment: environment, flags: flags)
        let catalog = try folder.catalogText(beside: text)
        return Configuration(
            settings: settings, catalog: catalog, environment: environment, file: text, flags: flags)
    }
}

extension Configuration {
    /// Risky settings: a key that others could read in transit, a private key of TLS that they can read on
    /// disk, or an archive without room for a result.
    var warnings: [String] {
        var warnings: [String] = []
        if let url = BaseURL(settings.provider.baseURL), url.isExposed {
            warnings.append(
                "provider.base_url is plain http to another machine: the key could be read in transit"
            )
        }
        if settings.access.clients == .tokens {
            for listener in settings.listen where listener.tls == nil && !listener.address.isLoopback {
                warnings.append(
                    "\(listener.address) is plain http: tokens could be read in transit; give it tls, or use "
                        + "a proxy with TLS")
            }
        }
        if settings.archive.maxBytes < settings.archive.reserve {
            warnings.append(
                "archive.max_bytes is smaller than archive.reserve, the space for one result: no job is sent")
        }
        return warnings + exposedKeys.map { "\($0) can be read by others: chmod 600 \($0)" }
    }
}

extension SettingsFile {
    /// Parses YAML; syntax errors are issues with their line.
    init(_ text: ConfigurationText) throws(SettingsError) {
        do throws(YAMLError) {
            let document = try YAMLDocument(parsing: text.bytes)
            // A file with only comments sets nothing.
            let value = document.value == .null ? [:] : document.value
            self.init(name: text.name, value: value, line: { document.line(of: $0) })
        } catch {
            let origin = SettingOrigin.file(text.name, line: error.line)
            throw SettingsError(issues: [SettingIssue(origin: origin, key: "", message: error.message)])
        }
    }
}
