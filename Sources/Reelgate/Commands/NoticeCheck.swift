import FoundationEssentials
import Gateway
import HTTPFetching
import Transport
import VideoJobs
import WebhookClient

/// The test of the receivers of notices: sends one notice to each.
struct NoticeCheck {
    private let receivers: [NoticeReceiver]
    private let publicURL: String

    init(_ settings: Settings, _ receivers: [NoticeReceiver]) {
        self.receivers = receivers
        publicURL = settings.publicURL ?? Settings().publicURL ?? ""
    }

    /// Prints a line for each receiver. Throws if one did not accept its notice.
    func run() async throws {
        let sender = HTTPNoticeSender(
            receivers: receivers, publicURL: publicURL,
            fetcher: try Service.makeFetcher(on: try EventLoop(label: "check")))
        var failures = 0
        for (index, receiver) in receivers.enumerated() {
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            let reply = await sender.sendTest(to: receiver, at: now)
            let name = "notify.\(index): \(receiver.format.name) (\(receiver.file))"
            if reply.verdict == .accepted {
                StandardStream.output.line("\(name): accepted, HTTP \(reply.status ?? 0)")
            } else {
                failures += 1
                let reason = reply.message ?? "HTTP \(reply.status ?? 0)"
                StandardStream.error.line("\(name): not accepted: \(reason)")
            }
        }
        if receivers.isEmpty { StandardStream.error.line("note: notify has no entry") }
        guard failures == 0 else {
            throw CommandError("\(failures) of \(receivers.count) receivers did not accept a test notice")
        }
    }
}
