import HTTPServing
import Tracing

/// The trace of a request that admits a task.
struct RequestTrace {
    private let span: RequestSpan?
    /// The trace of the task; `nil` if there is none.
    let ofTask: TaskTrace?

    init(_ request: RouteRequest) {
        span = request.context.span
        // Without a span the caller's context is passed on as it is.
        ofTask = span?.ofNewTask() ?? request.head.traceContext.map { TaskTrace(context: $0) }
    }

    /// Links the request to the task that it admitted, or joined by its idempotency key.
    func link(toTaskIn trace: String?) {
        guard let span, let task = trace.flatMap({ TaskTrace(text: $0) }) else { return }
        span.link(to: task.context)
    }
}
