import Gateway
import TLS
import VideoJobs
import WebhookClient

/// A configuration without an issue, with everything that it names.
struct ValidConfiguration {
    var configuration: Configuration
    var catalog: ModelCatalog
    /// `nil` if there is none, or if it is not read again.
    var key: ProviderKey?
    var webhooks: WebhookSettings
    var receivers: [NoticeReceiver]
    /// One for each listener; `nil` for a plain one.
    var identities: [TLSIdentity?]

    var settings: Settings { configuration.settings }

    /// Notes for the operator; none is an issue.
    var certificateWarnings: [String] {
        identities.flatMap { $0?.warnings ?? [] }.map(\.description)
    }

    /// Logs the notes of the certificates.
    func logCertificateWarnings(_ log: StructuredLog) {
        for warning in certificateWarnings {
            log.warning(.certificateWarning, "TLS certificate warning", metadata: ["reason": "\(warning)"])
        }
    }
}
