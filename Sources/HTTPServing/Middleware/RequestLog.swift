package import HTTPWire
import Tracing

/// The middleware that writes one record for each request, when its response has ended or its client has
/// left.
///
/// While the log is disabled a request costs one call of `isEnabled` and no allocation.
package struct RequestLog: HTTPHandler {
    /// The environment of a request log.
    package struct Settings: Sendable {
        /// Routes without records: health checks.
        package var excludedRoutes: Set<String> = ["/healthz", "/readyz"]
        /// Whether records are written now.
        package var isEnabled: @Sendable () -> Bool
        /// A monotonic clock, in nanoseconds.
        package var now: @Sendable () -> UInt64
        /// Writes a record. Called on the request's loop; must not block.
        package var write: @Sendable (RequestRecord) -> Void

        package init(
            isEnabled: @escaping @Sendable () -> Bool = { true }, now: @escaping @Sendable () -> UInt64,
            write: @escaping @Sendable (RequestRecord) -> Void
        ) {
            self.isEnabled = isEnabled
            self.now = now
            self.write = write
        }
    }

    private let settings: Settings
    private let next: any HTTPHandler

    /// Makes a log of the requests that `next` handles.
    package init(_ settings: Settings, before next: any HTTPHandler) {
        self.settings = settings
        self.next = next
    }

    package func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        guard settings.isEnabled() else { return next.handle(head, context) }
        let start = settings.now()
        var disposition = next.handle(head, context)
        if let route = disposition.route, settings.excludedRoutes.contains(route) { return disposition }
        var record = RequestRecord(
            method: head.method, route: disposition.route, requestID: context.requestID,
            principal: disposition.principal ?? context.principal, outcome: .unanswered(.aborted),
            duration: .zero)
        record.trace = context.span?.context ?? TraceContext(of: head)
        disposition.observer = RequestObserver(record, start: start, settings)
        return disposition
    }

    package func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        let response = next.reject(error, context)
        // A request with a valid head has an observer.
        if !context.hasHead, settings.isEnabled() {
            let outcome = ExchangeOutcome(
                status: response.status, bytes: response.contentLength, completion: .complete)
            settings.write(
                RequestRecord(
                    method: nil, route: nil, requestID: context.requestID, principal: context.principal,
                    outcome: outcome, duration: .zero))
        }
        return response
    }
}

/// The observer that completes and writes the record of one request.
private final class RequestObserver: ExchangeObserver {
    private let record: RequestRecord
    private let start: UInt64
    private let settings: RequestLog.Settings

    init(_ record: RequestRecord, start: UInt64, _ settings: RequestLog.Settings) {
        self.record = record
        self.start = start
        self.settings = settings
    }

    func exchangeEnded(_ outcome: ExchangeOutcome) {
        var record = record
        record.outcome = outcome
        record.duration = .nanoseconds(Int64(clamping: settings.now() &- start))
        settings.write(record)
    }
}
