import Synchronization

/// The recorder of spans: makes their ids and keeps them until they are exported. Never blocks.
package final class Tracer: Sendable {
    private let buffer = Mutex(SpanBuffer())
    private let clock: @Sendable () -> UInt64
    package let random: @Sendable () -> UInt64
    private let wakeup = Mutex<(@Sendable () -> Void)?>(nil)
    /// The spans with which the exporter is to be woken: the first one, and a full batch.
    private let batch: Int

    /// - Parameters:
    ///   - now: Nanoseconds since 1970.
    ///   - batch: Spans of a full batch.
    package init(
        now: @escaping @Sendable () -> UInt64, random: @escaping @Sendable () -> UInt64,
        batch: Int = ExportSchedule.batchMax
    ) {
        clock = now
        self.random = random
        self.batch = batch
    }

    /// Nanoseconds since 1970.
    package var now: UInt64 { clock() }

    /// Records a span of a sampled trace; ignores others.
    package func record(_ span: Span) {
        guard span.context.isSampled else { return }
        let count = buffer.withLock { buffer in
            buffer.append(span)
            return buffer.spans.count
        }
        if count == 1 || count == batch { wakeup.withLock { $0 }?() }
    }

    /// Begins the span of a request that this server received.
    ///
    /// - Parameters:
    ///   - caller: The context that the caller sent. Its decision counts.
    ///   - isSampled: Whether a request without a context begins a trace.
    /// - Returns: `nil` if the request is not recorded.
    package func beginRequest(from caller: TraceContext?, isSampled: Bool) -> RequestSpan? {
        if let caller {
            guard caller.isSampled else { return nil }
            return RequestSpan(
                context: caller.child(random: random), caller: caller.spanID, start: now, tracer: self)
        }
        guard isSampled else { return nil }
        let context = TraceContext(traceID: TraceID(random: random), spanID: SpanID(random: random))
        return RequestSpan(context: context, caller: nil, start: now, tracer: self)
    }
}

// The exporter's side.
extension Tracer {
    /// Sets what is called when spans wait for their export. It must not block.
    package func onSpans(_ wake: @escaping @Sendable () -> Void) { wakeup.withLock { $0 = wake } }

    /// The spans that wait.
    package var waiting: Int { buffer.withLock { $0.spans.count } }

    /// Removes and returns a batch of the oldest spans.
    package func takeBatch() -> [Span] { buffer.withLock { $0.removeFirst(batch) } }

    /// Counts spans of a batch that could not be exported.
    package func drop(_ spans: [Span]) { buffer.withLock { $0.drop(spans.count) } }

    /// Returns how many spans were dropped since the last call.
    package func takeDropped() -> Int { buffer.withLock { $0.takeDropped() } }
}
