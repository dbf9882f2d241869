import Gateway
import GatewayFakes
import Synchronization

/// A receiver of webhooks that is slow, fails, and loses replies. Remembers what it accepted.
final class UnreliableReceiver: WebhookSender {
    private let clock: ManualClock
    private let faults: FaultInjector
    private let accepted = Mutex<[String: Int]>([:])
    private let received = Mutex<[WebhookMessage]>([])

    init(clock: ManualClock, faults: FaultInjector) {
        self.clock = clock
        self.faults = faults
    }

    /// How often each webhook was accepted, by its id.
    var acceptances: [String: Int] { accepted.withLock { $0 } }

    /// Removes and returns what arrived since the last call.
    func takeMessages() -> [WebhookMessage] {
        received.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }

    var isEnabled: Bool { true }

    func refusal(of url: String) async -> String? { nil }

    func send(_ message: WebhookMessage) async -> WebhookReply {
        await clock.pause(faults, milliseconds: 1...3_000)
        if faults.occurs(.receiverUnreachable) { return .failed("no route") }
        received.withLock { $0.append(message) }
        if faults.occurs(.receiverFails) { return .response(status: 503, retryAfter: .seconds(2)) }
        accepted.withLock { $0[message.id, default: 0] += 1 }
        await clock.pause(faults, milliseconds: 1...500)
        return faults.occurs(.receiverReplyLost) ? .failed("cut") : .response(status: 204)
    }
}
