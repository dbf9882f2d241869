package import Tracing
package import VideoJobs

/// Records the root span of each task when the task ends, also if it was admitted by an earlier process.
///
/// A task that goes on after an end has a further span, a child of the root span: one that was settled, or
/// whose result came late.
package struct TaskSpans: TaskObserver {
    private let tracer: Tracer

    package init(_ tracer: Tracer) { self.tracer = tracer }

    package func taskPublished(_ record: TaskRecord) {}
    package func taskEvicted(_ record: TaskRecord) {}

    package func taskCommitted(_ change: CommittedChange) {
        let record = change.record
        guard !record.state.isOpen, change.before?.state != record.state,
            let trace = record.trace.flatMap({ TaskTrace(text: $0) }), let request = trace.request
        else { return }
        var span = Span(
            "task", .internal, context: trace.context, parent: trace.caller,
            start: record.created.nanoseconds, end: record.updated.nanoseconds,
            attributes: Self.attributes(of: record))
        if change.before?.state.isOpen == false || record.hadEndedBefore {
            span.context = trace.context.child(random: tracer.random)
            span.parent = trace.context.spanID
            span.name = "task continued"
            span.start = (record.resubmitted ?? change.before?.updated ?? record.updated).nanoseconds
        }
        var link = trace.context
        link.spanID = request
        span.links = [link]
        if record.state == .failed || record.state == .uncertain {
            span.errorType = record.failure?.code ?? record.state.rawValue
        }
        tracer.record(span)
    }

    private static func attributes(of record: TaskRecord) -> [SpanAttribute] {
        var attributes = [
            SpanAttribute("reelgate.task.id", record.id.text),
            SpanAttribute("reelgate.task.model", record.model),
            SpanAttribute("reelgate.task.state", record.state.rawValue),
            SpanAttribute("reelgate.task.attempts", record.attempts),
        ]
        if let price = record.price {
            attributes.append(SpanAttribute("reelgate.task.price_microdollars", price))
        }
        if let id = record.providerTaskID {
            attributes.append(SpanAttribute("reelgate.task.provider_id", id.text))
        }
        return attributes
    }
}

extension TaskRecord {
    /// Whether the open time that has just ended was not the task's first one: it had been uncertain.
    fileprivate var hadEndedBefore: Bool { state != .uncertain && evidence != nil || resubmitted != nil }
}

extension Timestamp {
    fileprivate var nanoseconds: UInt64 { UInt64(max(0, milliseconds)) * 1_000_000 }
}
