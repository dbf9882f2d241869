import Synchronization

/// The span of a request that this server has received and not yet answered completely.
package final class RequestSpan: Sendable {
    package let context: TraceContext
    /// The span of the caller; `nil` if the trace begins here.
    package let caller: SpanID?
    private let start: UInt64
    private let tracer: Tracer
    private let links = Mutex<[TraceContext]>([])

    init(context: TraceContext, caller: SpanID?, start: UInt64, tracer: Tracer) {
        self.context = context
        self.caller = caller
        self.start = start
        self.tracer = tracer
    }

    /// Links the span to other work, such as the task that the request admitted.
    package func link(to context: TraceContext) {
        links.withLock { if $0.count < Span.linksMax { $0.append(context) } }
    }

    /// Returns the trace of a task that the request admits: with a root span of its own, beside the
    /// request's.
    package func ofNewTask() -> TaskTrace {
        TaskTrace(context: context.child(random: tracer.random), request: context.spanID, caller: caller)
    }

    /// Ends and records the span.
    package func end(_ name: String, _ attributes: [SpanAttribute], errorType: String?) {
        var span = Span(
            name, .server, context: context, parent: caller, start: start, end: tracer.now,
            attributes: attributes)
        span.links = links.withLock { $0 }
        span.errorType = errorType
        tracer.record(span)
    }
}
