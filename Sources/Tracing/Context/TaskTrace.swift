/// The trace of a task as it is stored with it: what its calls to other services belong to, also after a
/// restart.
package struct TaskTrace: Equatable, Sendable {
    /// The parent of all spans of the task's work: the task's root span, or without one the caller's span.
    package var context: TraceContext
    /// The span of the request that admitted the task; `nil` if the task has no root span of its own.
    package var request: SpanID?
    /// The span of the caller, the parent of the root span; `nil` if there is none.
    package var caller: SpanID?

    package init(context: TraceContext, request: SpanID? = nil, caller: SpanID? = nil) {
        self.context = context
        self.request = request
        self.caller = caller
    }

    /// Parses `text`; also a `traceparent` alone, as earlier versions stored it.
    package init?(text: String) {
        let parts = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard let first = parts.first, let context = TraceContext(traceparent: String(first)) else {
            return nil
        }
        func span(_ index: Int) -> SpanID? {
            index < parts.count ? SpanID(hexadecimal: parts[index].utf8) : nil
        }
        self.init(context: context, request: span(1), caller: span(2))
        if parts.count == 4 { self.context.state = TraceState(parsing: [String(parts[3])]) ?? TraceState() }
    }

    /// Traceparent, request and caller (`-` for none), and the trace state, separated by spaces.
    package var text: String {
        let spans = [request, caller].map { $0.map { "\($0)" } ?? "-" }.joined(separator: " ")
        return "\(context.traceparent) \(spans) \(context.state.text)"
    }
}
