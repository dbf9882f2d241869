package import Gateway
package import HTTPFetching
import Synchronization
import VideoJobs

/// Sends webhooks by the rules of Standard Webhooks, to allowed addresses only.
package final class HTTPWebhookSender: WebhookSender {
    private let fetcher: HTTPFetcher
    private let resolve: @Sendable (String) async -> [IPAddress]
    private let current: Mutex<WebhookSettings>

    /// - Parameter resolve: returns the addresses of a host when a callback is checked. Connections resolve
    ///   it by themselves, and are guarded.
    package init(
        settings: WebhookSettings, fetcher: HTTPFetcher,
        resolve: @escaping @Sendable (String) async -> [IPAddress] = { await HostLookup.addresses(of: $0) }
    ) {
        self.fetcher = fetcher
        self.resolve = resolve
        current = Mutex(settings)
    }

    /// The settings in force.
    package var settings: WebhookSettings { current.withLock { $0 } }

    package var isEnabled: Bool { current.withLock { !$0.secrets.isEmpty } }

    /// Replaces the settings; the next attempt follows the new ones.
    package func replaceSettings(with settings: WebhookSettings) { current.withLock { $0 = settings } }

    package func refusal(of url: String) async -> String? {
        let settings = settings
        if settings.secrets.isEmpty {
            return "this gateway sends no webhooks: its webhooks.secret_files is empty"
        }
        guard let host = WebURL(url)?.origin.host else { return "this is not an http or https URL" }
        let addressGuard = settings.addressGuard(forHost: host)
        if let address = IPAddress(host) { return Self.refusal(of: [address], addressGuard) }
        if settings.isListed(host) { return nil }
        let notListed = "the gateway's webhooks.allow does not list the host"
        if settings.blocks.isEmpty { return notListed }
        let isLocal = host == "localhost" || host.hasSuffix(".localhost")
        let addresses = await resolve(isLocal ? "127.0.0.1" : host)
        if addresses.isEmpty { return "the name of the host cannot be resolved" }
        return Self.refusal(of: addresses, addressGuard).map { "\(notListed), and \($0)" }
    }

    /// Returns why none of the addresses is allowed. A connection is made to an allowed one only.
    private static func refusal(of addresses: [IPAddress], _ addressGuard: AddressGuard) -> String? {
        let refusals = addresses.map { addressGuard.refusal(of: $0) }
        return refusals.contains(nil) ? nil : refusals.compactMap(\.self).first
    }

    package func send(_ message: WebhookMessage) async -> WebhookReply {
        let settings = settings
        guard !settings.secrets.isEmpty else { return .failed("webhooks.secret_files is empty") }
        guard let url = WebURL(message.callback.url) else { return .failed("not an http or https URL") }
        let content = DeliveryContent(
            fields: fields(of: message, settings.secrets), body: message.body, trace: .webhook)
        return await fetcher.deliver(
            content, to: url, settings.addressGuard(forHost: url.origin.host), at: message.at)
    }

    private func fields(
        of message: WebhookMessage, _ secrets: [WebhookSecret]
    ) -> [(name: String, value: String)] {
        let timestamp = message.at.seconds
        let signatures = secrets.map {
            $0.signature(id: message.id, timestamp: timestamp, body: message.body)
        }
        return [
            (name: "Content-Type", value: "application/json"), (name: "webhook-id", value: message.id),
            (name: "webhook-timestamp", value: String(timestamp)),
            (name: "webhook-signature", value: signatures.joined(separator: " ")),
        ]
    }
}
