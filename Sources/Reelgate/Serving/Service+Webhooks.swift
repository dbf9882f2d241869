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

    /// Lets a gateway send notices. Returns the replacement of their receivers.
    static func addNotices(
        _ configuration: Configuration, publicURL: String, to ports: inout GatewayPorts, on loop: EventLoop
    ) throws -> NoticeReload {
        let sender = HTTPNoticeSender(
            receivers: try configuration.readReceivers(), publicURL: publicURL,
            fetcher: try makeFetcher(on: loop))
        ports.notices = sender
        return NoticeReload(sender: sender)
    }
}
