package import Gateway
import Synchronization

/// A receiver of webhooks that replies as a test says, and 200 by default.
package final class ScriptedWebhooks: WebhookSender {
    private struct State {
        var replies: [WebhookReply] = []
        var sent: [WebhookMessage] = []
        var refusal: String?
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds replies to the next attempts.
    package func reply(_ replies: WebhookReply...) { state.withLock { $0.replies += replies } }
    /// Refuses every callback for a reason; `nil` allows all.
    package func refuse(_ reason: String?) { state.withLock { $0.refusal = reason } }
    /// Lets attempts wait for `release`.
    package func hold() { state.withLock { $0.isHolding = true } }
    /// Replies to the attempts that wait.
    package func release() {
        let held = state.withLock { state in
            defer { (state.held, state.isHolding) = ([], false) }
            return state.held
        }
        for attempt in held { attempt.resume() }
    }

    package var isEnabled: Bool { true }

    /// Every attempt, in order.
    package var sent: [WebhookMessage] { state.withLock { $0.sent } }

    package func refusal(of url: String) async -> String? { state.withLock { $0.refusal } }

    package func send(_ message: WebhookMessage) async -> WebhookReply {
        state.withLock { $0.sent.append(message) }
        await withCheckedContinuation { attempt in
            let isHeld = state.withLock { state in
                if state.isHolding { state.held.append(attempt) }
                return state.isHolding
            }
            if !isHeld { attempt.resume() }
        }
        return state.withLock { state in
            state.replies.isEmpty ? .response(status: 200) : state.replies.removeFirst()
        }
    }
}
