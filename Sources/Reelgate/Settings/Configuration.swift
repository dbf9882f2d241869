import JSONText
import YAMLText

/// The configuration of one run: the settings and the catalog's text, from where they were found.
struct Configuration {
    var settings: Settings
    var catalog: ConfigurationText
    var environment: [String: String]
    /// Where the settings were read.
    var file: ConfigurationText?

    /// Finds and reads the file of settings and the catalog beside it. Throws every fault of the settings
    /// at once.
    static func load(
        flags: SettingsFlags, environment: [String: String], folder: ConfigurationFolder = .working
    ) throws(SettingsError) -> Configuration {
        let text = try folder.settingsText(flags: flags, environment: environment)
        let file = try SettingsFile(text)
        let settings = try Settings.resolve(file: file, environment: environment, flags: flags)
        let catalog = try folder.catalogText(beside: text)
        return Configuration(settings: settings, catalog: catalog, environment: environment, file: text)
    }
}

extension Configuration {
    /// What may be meant so, and is dangerous: a key that others can read, on the disk or on the way.
    var warnings: [String] {
        var warnings: [String] = []
        if let url = BaseURL(settings.provider.baseURL), url.isExposed {
            warnings.append(
                "provider.base_url is plain http to another machine: the key can be read on the way"
            )
        }
        if let path = settings.provider.apiKeyFile, LocalFile.isReadableByOthers(path) {
            warnings.append("\(path) can be read by others: chmod 600 \(path)")
        }
        return warnings + exposedKeys.map { "\($0) can be read by others: chmod 600 \($0)" }
    }
}

/// A file of configuration, or the copy that is built in.
struct ConfigurationText: Equatable, Sendable {
    /// As a person would name it.
    var name: String
    /// `nil` if it is built in.
    var path: String?
    var bytes: [UInt8]
}

extension SettingsFile {
    /// Reads YAML; what is no YAML is a fault with its line.
    init(_ text: ConfigurationText) throws(SettingsError) {
        do throws(YAMLError) {
            let document = try YAMLDocument(parsing: text.bytes)
            // A file in which everything is commented out sets nothing.
            let value = document.value == .null ? [:] : document.value
            self.init(name: text.name, value: value, line: { document.line(of: $0) })
        } catch {
            let origin = SettingOrigin.file(text.name, line: error.line)
            throw SettingsError(faults: [SettingIssue(origin: origin, key: "", message: error.message)])
        }
    }
}
