import Logging
import VideoJobs

/// The log of tasks: a line for each admission and each change of a state. Ends without a video have the
/// received reply.
///
/// Called where transitions become durable, so that every ending has its line.
struct TransitionLog: Sendable {
    private let log: StructuredLog

    init(_ log: StructuredLog) { self.log = log }

    /// Logs an admission, with the beginning of the prompt if the settings ask for it.
    func recordAdmission(of record: TaskRecord) {
        log.log(
            level: log.hasPrompts ? .info : .debug, .taskAdmitted, "a job was admitted",
            metadata: {
                var fields = metadata(of: record)
                fields["client"] = "\(record.client)"
                if log.hasPrompts { fields["prompt"] = record.promptBeginning.map { "\($0.text)" } }
                return fields
            }())
    }

    /// Logs a durable change, if it changed the state.
    func record(_ record: TaskRecord, after state: TaskState) {
        guard record.state != state else { return }
        let fields = {
            var fields = metadata(of: record)
            fields["from"] = "\(state.rawValue)"
            fields["to"] = "\(record.state.rawValue)"
            return fields
        }
        switch record.state {
        case .uncertain:
            log.warning(
                .taskTransition,
                "the outcome of a submission is unknown: it may be running and billed, and is not sent again",
                metadata: fields())
        case .failed: log.warning(.taskTransition, Self.message(for: record.failure), metadata: fields())
        case .queued, .sending, .running, .archiving, .completed, .cancelled:
            log.debug(.taskTransition, "a task is \(record.state.rawValue)", metadata: fields())
        }
    }

    private static func message(for failure: FailureReason?) -> String {
        switch failure?.code {
        case "generation_timeout": "a task timed out"
        case "result_lost": "a task's result is lost"
        case "dismissed": "a task was settled as never billed"
        case _: failure?.httpStatus == nil ? "a task failed" : "the provider refused a job"
        }
    }

    private func metadata(of record: TaskRecord) -> StructuredLog.Fields {
        var metadata: StructuredLog.Fields = [
            "task_id": "\(record.id)", "model": "\(record.model)", "attempt": .number(record.attempts),
        ]
        metadata.add(record.traceContext)
        metadata["provider_task_id"] = record.providerTaskID.map { "\($0)" }
        if let failure = record.failure {
            metadata["code"] = "\(failure.code)"
            metadata["received"] = "\(failure.message)"
            metadata["http_status"] = failure.httpStatus.map { .number($0) }
        }
        if record.state == .uncertain, let reply = record.evidence?.reply {
            metadata["received"] = "\(reply.message)"
            metadata["http_status"] = reply.status.map { .number($0) }
            metadata["bytes_sent"] = reply.bytesSent.map { .number($0) }
            metadata["provider_request_id"] = reply.providerRequestID.map { "\($0)" }
        }
        return metadata
    }
}
