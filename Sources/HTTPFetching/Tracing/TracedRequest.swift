import Tracing

/// A request that takes part in the current trace: its fields, and its span.
///
/// Without a tracer or in a trace that is not recorded, the context is passed on as it is.
struct TracedRequest {
    /// The request with the fields of its context.
    private(set) var request: FetchRequest
    private let tracer: Tracer?
    /// `nil` if the request has no span.
    private var span: Span?

    init(_ request: FetchRequest, _ tracer: Tracer?) {
        self.request = request
        self.tracer = tracer
        guard let trace = request.trace, let current = TraceContext.current else { return }
        var context = current
        if let tracer, current.isSampled {
            context = current.child(random: tracer.random)
            let attributes = Self.attributes(of: request, trace)
            span = Span(
                "\(request.method) \(trace.operation)", .client, context: context, parent: current.spanID,
                start: tracer.now, end: 0, attributes: attributes)
        }
        self.request.fields.append((name: TraceContext.parentField, value: context.traceparent))
        if trace.sendsState, !context.state.text.isEmpty {
            self.request.fields.append((name: TraceContext.stateField, value: context.state.text))
        }
    }

    /// Records the span.
    func end(_ outcome: FetchOutcome) {
        guard var span, let tracer else { return }
        span.end = max(span.start, tracer.now)
        switch outcome {
        case .completed(let response):
            span.attributes.append(SpanAttribute("http.response.status_code", response.status))
            if response.status >= 400 { span.errorType = String(response.status) }
        case .failed(let error):
            if let status = error.status {
                span.attributes.append(SpanAttribute("http.response.status_code", status))
            }
            span.errorType = error.stage.errorType
        }
        tracer.record(span)
    }

    private static func attributes(of request: FetchRequest, _ trace: FetchTrace) -> [SpanAttribute] {
        var attributes = [
            SpanAttribute("http.request.method", request.method),
            SpanAttribute("reelgate.operation", trace.operation),
        ]
        guard let url = WebURL(request.url) else { return attributes }
        attributes += [
            SpanAttribute("server.address", url.origin.host),
            SpanAttribute("server.port", url.origin.port),
            SpanAttribute("url.full", trace.showsPath ? url.textForLogs : url.originText + "/REDACTED"),
        ]
        return attributes
    }
}

extension FetchError.Stage {
    /// A stable word for `error.type`.
    fileprivate var errorType: String {
        switch self {
        case .beforeSending: "not_sent"
        case .afterSending: "no_response"
        case .stoppedBySink: "not_stored"
        case .tooLarge: "too_large"
        case .cancelled: "cancelled"
        }
    }
}
