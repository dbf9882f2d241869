/// One setting of the configuration: its key, and how two configurations are compared in it.
struct SettingComparison: Sendable {
    let key: String
    let isEqual: @Sendable (Settings, Settings) -> Bool

    init<Value: Equatable & Sendable>(_ key: String, _ value: @escaping @Sendable (Settings) -> Value) {
        self.key = key
        isEqual = { value($0) == value($1) }
    }
}

extension SettingComparison {
    /// Every setting, in the order of the configuration file.
    static let all: [SettingComparison] =
        general + provider + archive
        + [
            SettingComparison("access.clients") { $0.access.clients },
            SettingComparison("access.operator_socket") { $0.access.operatorSocket },
            SettingComparison("access.cors") { $0.access.cors },
            SettingComparison("audit.prompts") { $0.audit.prompts },
            SettingComparison("spend.job_usd") { $0.spend.job },
            SettingComparison("spend.day_usd") { $0.spend.day },
            SettingComparison("webhooks.allow") { $0.webhooks.allow },
            SettingComparison("webhooks.secret_files") { $0.webhooks.secretFiles },
            SettingComparison("notify") { $0.notify },
        ] + limits
        + [
            SettingComparison("log.format") { $0.log.format },
            SettingComparison("log.level") { $0.log.level },
            SettingComparison("log.access") { $0.log.access },
            SettingComparison("log.prompts") { $0.log.prompts },
            SettingComparison("tracing.otlp") { $0.tracing.otlp },
        ]

    private static let general = [
        SettingComparison("listen") { $0.listen },
        SettingComparison("public_url") { $0.publicURL },
        SettingComparison("allowed_hosts") { $0.allowedHosts },
        SettingComparison("loops") { $0.loops },
    ]

    private static let provider = [
        SettingComparison("provider.base_url") { $0.provider.baseURL },
        SettingComparison("provider.api_key_file") { $0.provider.apiKeyFile },
        SettingComparison("provider.max_in_flight") { $0.provider.maxInFlight },
        SettingComparison("provider.connect_timeout") { $0.provider.connectTimeout },
        SettingComparison("provider.submit_timeout") { $0.provider.submitTimeout },
        SettingComparison("provider.poll.first") { $0.provider.poll.first },
        SettingComparison("provider.poll.interval") { $0.provider.poll.interval },
        SettingComparison("provider.poll.slowest") { $0.provider.poll.slowest },
        SettingComparison("provider.poll.deadline") { $0.provider.poll.deadline },
    ]

    private static let archive = [
        SettingComparison("submit_wait") { $0.submitWait },
        SettingComparison("store.sqlite") { $0.store.sqlite },
        SettingComparison("archive.directory") { $0.archive.directory },
        SettingComparison("archive.keep") { $0.archive.keep },
        SettingComparison("archive.max_bytes") { $0.archive.maxBytes },
        SettingComparison("archive.reserve") { $0.archive.reserve },
        SettingComparison("archive.verify") { $0.archive.verify },
    ]

    private static let limits = [
        SettingComparison("limits.body") { $0.limits.body },
        SettingComparison("limits.header") { $0.limits.header },
        SettingComparison("limits.connections") { $0.limits.connections },
        SettingComparison("limits.streams") { $0.limits.streams },
        SettingComparison("limits.header_timeout") { $0.limits.headerTimeout },
        SettingComparison("limits.body_timeout") { $0.limits.bodyTimeout },
        SettingComparison("limits.idle_timeout") { $0.limits.idleTimeout },
    ]
}

extension Settings {
    /// Returns the keys whose values differ from those of other settings, in the order of the file.
    func differences(from other: Settings) -> [String] {
        SettingComparison.all.filter { !$0.isEqual(self, other) }.map(\.key)
    }
}
