package import HTTPWire

/// The middleware that counts each request, when its response has ended or its client has left.
///
/// A response that is ready in the turn of its request is counted at once, which allocates nothing. The
/// outermost middleware, since the observer of another one is kept.
package struct RequestMetrics: HTTPHandler {
    private let counters: RequestCounters
    /// A monotonic clock, in nanoseconds.
    private let now: @Sendable () -> UInt64
    private let next: any HTTPHandler

    package init(
        _ counters: RequestCounters, now: @escaping @Sendable () -> UInt64, before next: any HTTPHandler
    ) {
        self.counters = counters
        self.now = now
        self.next = next
    }

    package func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        let start = now()
        var disposition = next.handle(head, context)
        let method = RequestMethod(head.method)
        if let status = disposition.statusAtOnce {
            counters.count(
                route: disposition.routeNumber, method, status: status, nanoseconds: now() &- start)
        } else {
            counters.begin()
            disposition.observer = RequestMeasurement(
                counters, route: disposition.routeNumber, method, start: start, now, disposition.observer)
        }
        return disposition
    }

    package func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        let response = next.reject(error, context)
        // A request with a valid head has been counted, or has an observer.
        if !context.hasHead {
            counters.count(route: 0, .none, status: response.status, nanoseconds: 0)
        }
        return response
    }
}

/// The observer that counts a request whose response takes longer than a turn.
private final class RequestMeasurement: ExchangeObserver {
    private let counters: RequestCounters
    private let route: Int
    private let method: RequestMethod
    private let start: UInt64
    private let now: @Sendable () -> UInt64
    /// The observer of another middleware.
    private let next: (any ExchangeObserver)?

    init(
        _ counters: RequestCounters, route: Int, _ method: RequestMethod, start: UInt64,
        _ now: @escaping @Sendable () -> UInt64, _ next: (any ExchangeObserver)?
    ) {
        self.counters = counters
        self.route = route
        self.method = method
        self.start = start
        self.now = now
        self.next = next
    }

    func exchangeEnded(_ outcome: ExchangeOutcome) {
        next?.exchangeEnded(outcome)
        counters.end()
        counters.count(
            route: route, method, status: outcome.status, nanoseconds: now() &- start)
    }
}

extension Disposition {
    /// The status of a response that needs nothing more than to be written; `nil` for any other.
    fileprivate var statusAtOnce: Int? {
        switch action {
        case .prepared(let prepared): return prepared.response.status
        case .respond(let response):
            return switch response.body {
            case .none, .bytes: response.status
            case .file, .stream: nil
            }
        case .collect, .run: return nil
        }
    }
}
