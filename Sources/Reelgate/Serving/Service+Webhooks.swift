import Gateway
import GatewayAPI
import Transport
import WebhookClient

extension Service {
    /// Lets a gateway send webhooks. Returns the replacement of their settings.
    static func addWebhooks(
        _ configuration: Configuration, publicURL: String, to ports: inout GatewayPorts, on loop: EventLoop
    ) throws -> WebhookReload {
        let sender = HTTPWebhookSender(
            settings: try configuration.readWebhooks(), fetcher: try makeFetcher(on: loop))
        ports.webhooks = sender
        ports.document = { TaskResponses($0, publicURL: publicURL).json }
        return WebhookReload(sender: sender)
    }

    /// Lets a gateway send notices.
    static func addNotices(
        _ configuration: Configuration, publicURL: String, to ports: inout GatewayPorts, on loop: EventLoop
    ) throws -> HTTPNoticeSender {
        let sender = HTTPNoticeSender(
            receivers: try configuration.readReceivers(), publicURL: publicURL,
            fetcher: try makeFetcher(on: loop))
        ports.notices = sender
        return sender
    }
}
