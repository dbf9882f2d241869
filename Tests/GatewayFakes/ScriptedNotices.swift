package import Gateway
import Synchronization
import VideoJobs

/// Receivers of notices that reply as a test says, and 200 by default.
package final class ScriptedNotices: NoticeChannel {
    private struct State {
        var receivers: [String] = []
        var replies: [WebhookReply] = []
        var sent: [NoticeMessage] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds receivers of everything from now on.
    package func add(_ receivers: String...) { state.withLock { $0.receivers += receivers } }
    /// Adds replies to the next attempts.
    package func reply(_ replies: WebhookReply...) { state.withLock { $0.replies += replies } }

    /// Every attempt, in order.
    package var sent: [NoticeMessage] { state.withLock { $0.sent } }

    package func reports(_ event: NoticeEvent) -> Bool { state.withLock { !$0.receivers.isEmpty } }

    package func notices(of subject: NoticeSubject) -> [NewNotice] {
        state.withLock { $0.receivers }.map { receiver in
            let target = NoticeTarget(
                event: subject.event, receiver: receiver, template: "slack", mediaType: "text/plain",
                title: "Title")
            return NewNotice(target, body: Array("\(subject.words)".utf8))
        }
    }

    package func send(_ message: NoticeMessage) async -> WebhookReply {
        state.withLock { state in
            state.sent.append(message)
            return state.replies.isEmpty ? .response(status: 200) : state.replies.removeFirst()
        }
    }
}

extension NoticeSubject {
    /// What the notice says.
    fileprivate var words: String {
        switch self {
        case .task(let event, let record): "\(event) \(record.id) \(record.version)"
        case .paused(let halt): "paused \(halt)"
        case .budget(let use): "budget \(use.client ?? "all") \(use.used) of \(use.limit)"
        }
    }
}
