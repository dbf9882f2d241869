package import HTTPServing
package import HTTPWire
import Synchronization
package import VideoJobs

/// The simulated provider as a server's handler.
package final class Simulator: HTTPHandler {
    /// The longest body that `echo` takes.
    static let echoMax = 16 << 20
    /// The longest body that anything else takes.
    static let bodyMax = 1 << 20

    private let provider: Mutex<SimulatedProvider>
    private let now: @Sendable () -> Timestamp
    private let pause: @Sendable (Duration) async -> Void

    /// Makes a handler that reads the time from `now` and waits with `pause`, which must end early when its
    /// task is cancelled.
    package init(
        _ provider: SimulatedProvider, now: @escaping @Sendable () -> Timestamp,
        pause: @escaping @Sendable (Duration) async -> Void
    ) {
        self.provider = Mutex(provider)
        self.now = now
        self.pause = pause
    }

    package func answerNow(_ head: RequestHead, context: RequestContext) -> HTTPResponse? {
        let time = now()
        return provider.withLock { provider in
            guard provider.answersAtOnce(head) else { return nil }
            return provider.answer(HTTPRequest(head: head, context: context), at: time).response
        }
    }

    package func bodyPolicy(_ head: RequestHead, context: RequestContext) -> BodyPolicy {
        let time = now()
        if provider.withLock({ $0.cutsRequest(head, at: time) }) {
            var cut = HTTPResponse(status: 200)
            cut.cutAfter = 0
            return .refuse(cut)
        }
        let isEcho = Place(head.path).isEcho
        return .collect(limit: isEcho ? Self.echoMax : Self.bodyMax)
    }

    package func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let time = now()
        let answer = provider.withLock { $0.answer(request, at: time) }
        if answer.delay > .zero { await pause(answer.delay) }
        return answer.response
    }

    package func refusal(_ refusal: HTTPRefusal, context: RequestContext) -> HTTPResponse {
        ProviderFault(refusal.status, refusal.code, refusal.message).response
    }
}
