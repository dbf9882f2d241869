package import Gateway
package import HTTPFetching
import Synchronization
package import VideoJobs

/// Words notices, and sends them to the receivers of the configuration.
///
/// The operator names the receivers, so every address is allowed except for those of a single link, to which
/// no name of a receiver should lead.
package final class HTTPNoticeSender: NoticeChannel {
    private let publicURL: String
    private let fetcher: HTTPFetcher
    private let current: Mutex<[NoticeReceiver]>

    /// - Parameter publicURL: how links of the gateway begin.
    package init(receivers: [NoticeReceiver], publicURL: String, fetcher: HTTPFetcher) {
        self.publicURL = publicURL
        self.fetcher = fetcher
        current = Mutex(receivers)
    }

    /// The receivers in force.
    package var receivers: [NoticeReceiver] { current.withLock { $0 } }

    /// Replaces the receivers. What is pending for one that remains goes to its new URL.
    package func replaceReceivers(with receivers: [NoticeReceiver]) {
        current.withLock { $0 = receivers }
    }

    package func reports(_ event: NoticeEvent) -> Bool {
        current.withLock { receivers in receivers.contains { $0.events.contains(event) } }
    }

    package func notices(of subject: NoticeSubject) -> [NewNotice] {
        let interested = receivers.filter { $0.events.contains(subject.event) }
        guard !interested.isEmpty else { return [] }
        let values = NoticeValues(subject, publicURL: publicURL)
        return interested.map { $0.notice(of: subject.event, values) }
    }

    package func send(_ message: NoticeMessage) async -> WebhookReply {
        let target = message.target
        guard let receiver = receivers.first(where: { $0.file == target.receiver }) else {
            return .withdrawn("notify has no entry with this url_file any more")
        }
        return await send(message, to: receiver)
    }

    /// Sends a test notice to a receiver, once.
    package func sendTest(to receiver: NoticeReceiver, at now: Timestamp) async -> WebhookReply {
        let notice = receiver.notice(of: .completed, NoticeValues.test(publicURL: publicURL))
        return await send(NoticeMessage(notice.target, body: notice.body, at: now), to: receiver)
    }

    private func send(_ message: NoticeMessage, to receiver: NoticeReceiver) async -> WebhookReply {
        let target = message.target
        var fields = [(name: "Content-Type", value: target.mediaType)]
        if let title = target.title { fields.append((name: "Title", value: title)) }
        return await fetcher.deliver(
            DeliveryContent(fields: fields, body: message.body), to: receiver.url.url,
            AddressGuard(allowsPrivate: true), at: message.at)
    }
}
