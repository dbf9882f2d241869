import Tracing
import VideoJobs

extension TaskRecord {
    /// The context of the task's work; `nil` if it belongs to no trace.
    var traceContext: TraceContext? { trace.flatMap { TaskTrace(text: $0) }?.context }
}

/// Does work of a task, so that its calls and log lines belong to the task's trace.
func inTrace<Value>(of record: TaskRecord?, _ work: () async -> Value) async -> Value {
    await inTrace(record?.trace, work)
}

/// Does work in a stored trace.
func inTrace<Value>(_ trace: String?, _ work: () async -> Value) async -> Value {
    guard let context = trace.flatMap({ TaskTrace(text: $0) })?.context else { return await work() }
    return await TraceContext.$current.withValue(context) { await work() }
}
