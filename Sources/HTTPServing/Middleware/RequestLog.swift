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
        package var write: @Sendable (consuming RequestRecord) -> Void

        package init(
            isEnabled: @escaping @Sendable () -> Bool = { true }, now: @escaping @Sendable () -> UInt64,
            write: @escaping @Sendable (consuming RequestRecord) -> Void
        ) {
            self.isEnabled = isEnabled
            self.now = now
            self.write = write
        }
    }

    private let settings: SharedSettings
    private let next: any HTTPHandler

    /// Makes a log of the requests that `next` handles.
    package init(_ settings: Settings, before next: any HTTPHandler) {
        self.settings = SharedSettings(settings)
        self.next = next
    }

    package func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        guard settings.values.isEnabled() else { return next.handle(head, context) }
        let start = settings.values.now()
        var disposition = next.handle(head, context)
        if !isExcluded(disposition.route) {
            disposition.observer = RequestObserver(
                RequestRecord(head, context, disposition), start: start, settings)
        }
        return disposition
    }

    private func isExcluded(_ route: String?) -> Bool {
        guard let route else { return false }
        return settings.values.excludedRoutes.contains(route)
    }

    package func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        let response = next.reject(error, context)
        // A request with a valid head has an observer.
        if !context.hasHead, settings.values.isEnabled() {
            let outcome = ExchangeOutcome(
                status: response.status, bytes: response.contentLength, completion: .complete)
            var record = RequestRecord(
                method: nil, route: nil, requestID: context.requestID, principal: context.principal,
                outcome: outcome, duration: .zero)
            record.ended = settings.values.now()
            settings.values.write(record)
        }
        return response
    }
}

extension RequestRecord {
    /// The record of a request without its end.
    fileprivate init(_ head: RequestHead, _ context: RequestContext, _ disposition: borrowing Disposition) {
        self.init(
            method: RequestMethod(head.method).label, route: disposition.route,
            requestID: context.requestID, principal: disposition.principal ?? context.principal,
            outcome: .unanswered(.aborted), duration: .zero)
        trace = context.span?.context ?? head.traceContext
    }
}

/// The settings of a log, which the observer of each request refers to.
private final class SharedSettings: Sendable {
    let values: RequestLog.Settings

    init(_ values: RequestLog.Settings) { self.values = values }
}

/// The observer that completes and writes the record of one request.
///
/// `@unchecked Sendable` because only the connection's loop uses it once the request is handled.
private final class RequestObserver: ExchangeObserver, @unchecked Sendable {
    /// `nil` once it is written: handed over, since a copy would retain all its parts.
    private var record: RequestRecord?
    private let start: UInt64
    private let settings: SharedSettings

    init(_ record: consuming RequestRecord, start: UInt64, _ settings: SharedSettings) {
        self.record = record
        self.start = start
        self.settings = settings
    }

    func exchangeEnded(_ outcome: ExchangeOutcome) {
        guard var record = record.take() else { return }
        record.outcome = outcome
        record.ended = settings.values.now()
        record.duration = .nanoseconds(Int64(clamping: record.ended &- start))
        settings.values.write(record)
    }
}
