package import HTTPServing
package import HTTPWire
import Synchronization
package import VideoJobs

/// The HTTP handler of the simulated provider.
package final class Simulator: HTTPHandler {
    /// The maximum body length of `echo`.
    static let echoMax = 16 << 20
    /// The maximum body length of all other calls.
    static let bodyMax = 1 << 20

    private static let releasePath = "/_simulator/release"

    private let provider: Mutex<SimulatedProvider>
    private let now: @Sendable () -> Timestamp
    private let pause: @Sendable (Duration) async -> Void
    private let streams: SimulatorStreams
    private let delayed = Mutex(DelayedResponses())

    /// The responses that a script delays, each with the timer of its delay.
    private struct DelayedResponses {
        var timers: [UInt64: Task<Void, Never>] = [:]
        var lastID: UInt64 = 0
    }

    /// Creates a handler that reads the time from `now` and waits with `pause`, which must return early when
    /// its task is cancelled.
    package init(
        _ provider: SimulatedProvider, now: @escaping @Sendable () -> Timestamp,
        pause: @escaping @Sendable (Duration) async -> Void
    ) {
        self.provider = Mutex(provider)
        self.now = now
        self.pause = pause
        streams = SimulatorStreams(pause: pause)
    }

    package func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        if head.path == SimulatorStreams.path { return streams.handle(head) }
        guard head.hasBody else {
            let request = HTTPRequest(head: head, context: context)
            if let response = immediateResponse(to: request) { return .respond(response) }
            return .run { await self.response(to: request) }
        }
        let time = now()
        if provider.withLock({ $0.cutsRequest(head, at: time) }) {
            var cut = HTTPResponse(status: 200)
            cut.cutAfter = 0
            return .respond(cut)
        }
        // RFC 9110 §9.3.8: a client must not send it, so nothing is echoed.
        guard head.method != "TRACE" else { return .respond(HTTPResponse(status: 400)) }
        let isEcho = SimulatorRoute(head.path).isEcho
        return .collect(limit: isEcho ? Self.echoMax : Self.bodyMax) { await self.response(to: $0) }
    }

    /// Returns the response to a request without a body if no script can delay it.
    private func immediateResponse(to request: HTTPRequest) -> HTTPResponse? {
        guard request.head.path != Self.releasePath else { return nil }
        let time = now()
        return provider.withLock { provider in
            provider.respondsImmediately(to: request.head)
                ? provider.respond(to: request, at: time).response : nil
        }
    }

    private func response(to request: HTTPRequest) async -> HTTPResponse {
        if request.head.method == "POST", request.head.path == Self.releasePath { return release() }
        let time = now()
        let simulated = provider.withLock { $0.respond(to: request, at: time) }
        if simulated.delay > .zero { await delay(for: simulated.delay) }
        return simulated.response
    }

    /// Returns after an interval, or when it is released or its task is cancelled.
    private func delay(for interval: Duration) async {
        let timer = Task { [pause] in await pause(interval) }
        let id = delayed.withLock { delayed in
            delayed.lastID += 1
            delayed.timers[delayed.lastID] = timer
            return delayed.lastID
        }
        await withTaskCancellationHandler {
            await timer.value
        } onCancel: {
            timer.cancel()
        }
        delayed.withLock { $0.timers[id] = nil }
    }

    /// Sends all responses that are delayed now.
    private func release() -> HTTPResponse {
        let timers = delayed.withLock { Array($0.timers.values) }
        for timer in timers { timer.cancel() }
        return .json(200, Array(#"{"released":\#(timers.count)}"#.utf8))
    }

    package func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        ProviderFault(error.status, error.code, error.message).response
    }
}
