import HTTPFetching
import JSONText
import WebhookClient

extension Settings {
    /// Webhooks: where they may be sent, and what signs them.
    struct Webhooks: Equatable, Sendable {
        var allow: [WebhookDestination] = [.addresses(.loopback)]
        /// Files with one secret each; without one no webhook is sent.
        var secretFiles: [String] = []
    }
}

extension Settings.Webhooks {
    mutating func read(_ section: inout SettingsSection) {
        section.readList("allow", .webhookDestination, into: &allow)
        section.readList("secret_files", .text, into: &secretFiles)
        if secretFiles.count > WebhookSettings.secretsMax {
            section.addIssue(
                "secret_files has \(secretFiles.count) files",
                remedy: "name the current secret, and the one before it during a rotation")
        }
    }
}

extension SettingKind where Value == WebhookDestination {
    /// A destination of webhooks.
    static var webhookDestination: Self {
        Self { value throws(SettingValueError) in
            guard let destination = value.string.flatMap({ WebhookDestination($0) }) else {
                throw SettingValueError(
                    "\(value.quoted) is not where webhooks may be sent",
                    remedy: "write loopback, a block like 10.0.0.0/8 that is not link-local, or a host name "
                        + "like hooks.example.com without scheme and port")
            }
            return destination
        }
    }
}
