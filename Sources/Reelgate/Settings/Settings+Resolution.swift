import JSONText
import Transport

extension Settings {
    /// Resolves the settings: flags override the environment, which overrides the file, which overrides the
    /// defaults. Throws all issues at once.
    static func resolve(
        file: SettingsFile?, environment: [String: String], flags: SettingsFlags
    ) throws(SettingsError) -> Settings {
        let (settings, issues) = examine(file: file, environment: environment, flags: flags)
        if !issues.isEmpty { throw SettingsError(issues: issues) }
        return settings
    }

    /// Resolves the settings and returns all issues; an invalid value leaves the default.
    static func examine(
        file: SettingsFile?, environment: [String: String], flags: SettingsFlags
    ) -> (settings: Settings, issues: [SettingIssue]) {
        var settings = Settings()
        let log = SettingIssueLog(file: file?.name ?? "", line: file?.line ?? { _ in nil })
        if let file { settings.read(file.value, log: log) }

        var overrides = SettingsOverrides(origins: log.origins)
        overrides.apply(environment: environment, to: &settings)
        overrides.apply(flags: flags, to: &settings)
        overrides.rejectOpenAccess(settings)
        overrides.rejectLongSocketPath(settings)

        let issues = log.issues.sorted { ($0.origin.line ?? 0) < ($1.origin.line ?? 0) } + overrides.issues
        return (settings, issues)
    }
}

/// Applies environment and flags over the file's settings, and records the source of each.
private struct SettingsOverrides {
    var origins: [String: SettingOrigin]
    var issues: [SettingIssue] = []

    init(origins: [String: SettingOrigin]) { self.origins = origins }

    mutating func apply(environment: [String: String], to settings: inout Settings) {
        // An empty variable counts as unset: container tools pass on variables that are not set.
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
            origins["store.sqlite"] = folder.origin
        }
    }

    mutating func apply(flags: SettingsFlags, to settings: inout Settings) {
        if let text = flags.listen { listen(Override(text: text, origin: .flag("--listen")), in: &settings) }
    }

    /// Rejects open access from other machines, since anyone who reaches an open gateway can spend money.
    mutating func rejectOpenAccess(_ settings: Settings) {
        guard settings.access.clients == .open else { return }
        for (index, listener) in settings.listen.enumerated() where listener.isOpenToOthers {
            let key = "listen.\(index).address"
            issues.append(
                SettingIssue(
                    origin: origins[key] ?? origins["listen"] ?? .builtIn, key: key,
                    message: listener.openAccessMessage,
                    remedy:
                        "listen on loopback, such as 127.0.0.1:8031, behind a proxy that checks callers, "
                        + "or require tokens with access.clients: tokens, or certificates with tls.client_ca"
                ))
        }
    }

    /// Rejects a store whose operator socket has a path that no socket can have.
    mutating func rejectLongSocketPath(_ settings: Settings) {
        guard let path = settings.operatorSocketPath, SocketAddress("unix:\(path)") == nil else { return }
        issues.append(
            SettingIssue(
                origin: origins["store.sqlite"] ?? .builtIn, key: "store.sqlite",
                message: "the path of the operator socket beside the store is longer than 107 bytes: \(path)",
                remedy: "use a folder with a shorter path (store.sqlite or REELGATE_DATA), or set "
                    + "access.operator_socket: false"))
    }

    private mutating func listen(_ address: Override, in settings: inout Settings) {
        // A public URL that equals the address follows it; another one, such as a proxy's, is kept.
        let restated = settings.listen.first.map { "\($0.scheme)://\($0.address)" }
        if settings.publicURL == restated { settings.publicURL = nil }
        // Changes the address only; the listener's TLS settings are kept.
        var listener = settings.listen.first ?? Settings.Listener()
        read(address, as: .address, for: "listen.0.address", into: &listener.address)
        settings.listen = [listener]
    }

    private mutating func read<Value>(
        _ override: Override, as kind: SettingKind<Value>, for key: String, into target: inout Value
    ) {
        origins[key] = override.origin
        do throws(SettingValueError) {
            target = try kind.read(.string(override.text))
        } catch {
            issues.append(
                SettingIssue(
                    origin: override.origin, key: key, message: error.message, remedy: error.remedy))
        }
    }
}

/// A setting from outside the file.
private struct Override {
    var text: String
    var origin: SettingOrigin
}

extension SettingOrigin {
    /// The line in the file, if known.
    fileprivate var line: Int? { if case .file(_, let line) = self { line } else { nil } }
}
