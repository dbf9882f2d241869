import JSONText
import Transport

/// A configuration file as read: its value, and which line each part stands on.
struct SettingsFile {
    /// As a person would name it: the path that was given, or `built-in reelgate.yaml`.
    var name: String
    var value: JSONValue
    /// The line, from 1, of what a JSON Pointer names.
    var line: (String) -> Int?
}

/// What a command was told on its command line.
struct SettingsFlags: Equatable, Sendable {
    var config: String?
    var listen: String?

    init(config: String? = nil, listen: String? = nil) {
        self.config = config
        self.listen = listen
    }
}

extension Settings {
    /// Reads the file over the defaults, the environment over the file and the flags over both. All faults
    /// at once.
    static func resolve(
        file: SettingsFile?, environment: [String: String], flags: SettingsFlags
    ) throws(SettingsError) -> Settings {
        var settings = Settings()
        let log = SettingsLog(file: file?.name ?? "", line: file?.line ?? { _ in nil })
        if let file { settings.read(file.value, findings: log) }

        var overrides = SettingsOverrides(origins: log.origins)
        overrides.apply(environment: environment, to: &settings)
        overrides.apply(flags: flags, to: &settings)
        overrides.refuseOpenAccess(settings)

        let faults = log.faults.sorted { ($0.origin.line ?? 0) < ($1.origin.line ?? 0) } + overrides.faults
        if !faults.isEmpty { throw SettingsError(faults: faults) }
        return settings
    }
}

/// Lays environment and flags over what the file said, and remembers who said what.
private struct SettingsOverrides {
    var origins: [String: SettingOrigin]
    var faults: [SettingIssue] = []

    init(origins: [String: SettingOrigin]) { self.origins = origins }

    mutating func apply(environment: [String: String], to settings: inout Settings) {
        // An empty variable counts as none: container tools pass on variables that nobody set.
        func given(_ name: String) -> Override? {
            environment[name].flatMap { $0.isEmpty ? nil : Override(text: $0, origin: .environment(name)) }
        }

        if let address = given("REELGATE_LISTEN") { listen(address, in: &settings) }
        if let url = given("REELGATE_PROVIDER_BASE_URL") {
            read(url, as: .baseURL, for: "provider.base_url", into: &settings.provider.baseURL)
        }
        if let file = given("REELGATE_PROVIDER_API_KEY_FILE") {
            settings.provider.apiKeyFile = file.text
            origins["provider.api_key_file"] = file.origin
        }
        if let folder = given("REELGATE_DATA") {
            settings.store.sqlite = folder.text + "/reelgate.db"
            settings.archive.directory = folder.text + "/archive"
        }
    }

    mutating func apply(flags: SettingsFlags, to settings: inout Settings) {
        if let text = flags.listen { listen(Override(text: text, origin: .flag("--listen")), in: &settings) }
    }

    /// Anyone who reaches an open gateway can spend.
    mutating func refuseOpenAccess(_ settings: Settings) {
        for (index, listener) in settings.listen.enumerated() where listener.isOpenToOthers {
            let key = "listen.\(index).address"
            faults.append(
                SettingIssue(
                    origin: origins[key] ?? origins["listen"] ?? .builtIn, key: key,
                    message:
                        "\(listener.address) can be reached from other machines while access is open to all",
                    remedy:
                        "listen on loopback, such as 127.0.0.1:8031, behind a proxy that checks callers, "
                        + "or ask for certificates with tls.client_ca"
                ))
        }
    }

    private mutating func listen(_ address: Override, in settings: inout Settings) {
        // A public URL that only restates the address follows it; one that names a proxy stays.
        let restated = settings.listen.first.map { "\($0.scheme)://\($0.address)" }
        if settings.publicURL == restated { settings.publicURL = nil }
        // Another address, and what was in cipher stays so.
        var listener = settings.listen.first ?? Settings.Listener()
        read(address, as: .address, for: "listen.0.address", into: &listener.address)
        settings.listen = [listener]
    }

    private mutating func read<Value>(
        _ override: Override, as kind: SettingKind<Value>, for key: String, into target: inout Value
    ) {
        origins[key] = override.origin
        do throws(BadValue) {
            target = try kind.read(.string(override.text))
        } catch {
            faults.append(
                SettingIssue(
                    origin: override.origin, key: key, message: error.message, remedy: error.remedy))
        }
    }
}

/// A text from outside the file.
private struct Override {
    var text: String
    var origin: SettingOrigin
}

extension SettingOrigin {
    /// The line in the file, if it is there.
    fileprivate var line: Int? { if case .file(_, let line) = self { line } else { nil } }
}
