package import HTTPWire
package import Tracing

/// The middleware that records a span for each request: outermost, so that its context is known to the
/// request log.
package struct RequestTracing: HTTPHandler {
    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]

    private let tracer: Tracer
    private let beginsTrace: @Sendable (RequestHead) -> Bool
    private let next: any HTTPHandler

    /// - Parameter beginsTrace: Whether a request without a context of its caller is recorded.
    package init(
        _ tracer: Tracer, beginsTrace: @escaping @Sendable (RequestHead) -> Bool = { _ in true },
        before next: any HTTPHandler
    ) {
        self.tracer = tracer
        self.beginsTrace = beginsTrace
        self.next = next
    }

    package func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        let caller = head.traceContext
        guard caller?.isSampled ?? beginsTrace(head),
            let span = tracer.beginRequest(from: caller, isSampled: true)
        else { return next.handle(head, context) }
        var context = context
        context.span = span
        var disposition = next.handle(head, context)
        disposition.observer = SpanObserver(
            span, method: Self.methods.contains(head.method) ? head.method : nil, route: disposition.route,
            attributes: Self.attributes(of: head, context, route: disposition.route),
            before: disposition.observer)
        return disposition
    }

    package func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        next.reject(error, context)
    }

    /// Attributes by OpenTelemetry's conventions for HTTP servers. None has a query or a field's value.
    private static func attributes(
        of head: RequestHead, _ context: RequestContext, route: String?
    ) -> [SpanAttribute] {
        let isKnown = methods.contains(head.method)
        var attributes = [
            SpanAttribute("http.request.method", isKnown ? head.method : "_OTHER"),
            SpanAttribute("url.scheme", context.secure ? "https" : "http"),
            SpanAttribute("network.protocol.version", context.protocolVersion(of: head)),
        ]
        if let route { attributes.append(SpanAttribute("http.route", route)) }
        // A path without a route, or with something that looks like a credential, may be a mistake.
        if route != nil, !CredentialShape.isContained(in: head.path) {
            attributes.append(SpanAttribute("url.path", head.path))
        }
        let (host, port) = head.hostAndPort
        if !host.isEmpty { attributes.append(SpanAttribute("server.address", host)) }
        if let port { attributes.append(SpanAttribute("server.port", port)) }
        return attributes
    }
}

extension RequestHead {
    /// The trace context that the request was sent with; `nil` without a valid one.
    package var traceContext: TraceContext? {
        guard fields.contains(TraceContext.parentField) else { return nil }
        return TraceContext(
            parents: fields.values(TraceContext.parentField), states: fields.values(TraceContext.stateField))
    }

    /// The host that the client named, and its port.
    fileprivate var hostAndPort: (host: String, port: Int?) {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
            return (authority, nil)
        }
        return (String(authority[..<colon]), Int(authority[authority.index(after: colon)...]))
    }
}

extension RequestContext {
    fileprivate func protocolVersion(of head: RequestHead) -> String {
        if isHTTP2 { return "2" }
        return head.isHTTP10 ? "1.0" : "1.1"
    }
}

/// The observer that completes and records the span of one request.
private final class SpanObserver: ExchangeObserver {
    private let span: RequestSpan
    private let name: String
    private let attributes: [SpanAttribute]
    private let next: (any ExchangeObserver)?

    init(
        _ span: RequestSpan, method: String?, route: String?, attributes: [SpanAttribute],
        before next: (any ExchangeObserver)?
    ) {
        self.span = span
        self.attributes = attributes
        self.next = next
        let method = method ?? "HTTP"
        name = route.map { "\(method) \($0)" } ?? method
    }

    func exchangeEnded(_ outcome: ExchangeOutcome) {
        next?.exchangeEnded(outcome)
        var attributes = attributes
        if let status = outcome.status {
            attributes.append(SpanAttribute("http.response.status_code", status))
        }
        span.end(name, attributes, errorType: outcome.errorType)
    }
}

extension ExchangeOutcome {
    /// Why this server failed, for `error.type`. A client that leaves is no failure.
    fileprivate var errorType: String? {
        if let status, status >= 500 { return String(status) }
        return completion == .aborted ? "aborted" : nil
    }
}
