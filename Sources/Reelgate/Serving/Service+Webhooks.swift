import Gateway
import GatewayAPI
import HTTPFetching
import Transport
import WebhookClient

extension Service {
    /// Lets a gateway send webhooks.
    static func addWebhooks(
        _ settings: WebhookSettings, publicURL: String, to ports: inout GatewayPorts, _ fetcher: HTTPFetcher
    ) -> HTTPWebhookSender {
        let sender = HTTPWebhookSender(settings: settings, fetcher: fetcher)
        ports.webhooks = sender
        ports.document = { TaskResponses($0, publicURL: publicURL).json }
        return sender
    }

    /// Lets a gateway send notices.
    static func addNotices(
        _ receivers: [NoticeReceiver], publicURL: String, to ports: inout GatewayPorts, on loop: EventLoop
    ) throws -> HTTPNoticeSender {
        let sender = HTTPNoticeSender(
            receivers: receivers, publicURL: publicURL, fetcher: try makeFetcher(on: loop))
        ports.notices = sender
        return sender
    }
}
