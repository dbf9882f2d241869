import Logging
import VideoJobs

/// The log of tasks that ended without a video: one line for each, with the received reply.
///
/// Called where transitions become durable, so that every ending has its line.
struct TransitionLog: Sendable {
    private let log: Logger

    init(_ log: Logger) { self.log = log }

    /// Logs a durable change, if it ended the task without a video.
    func record(_ record: TaskRecord, after state: TaskState) {
        guard record.state != state else { return }
        switch record.state {
        case .uncertain:
            log.warning(
                "the outcome of a submission is unknown: it may be running and billed, and is not sent again",
                metadata: metadata(of: record))
        case .failed: log.warning(Self.message(for: record.failure), metadata: metadata(of: record))
        case .queued, .sending, .running, .archiving, .completed, .cancelled: break
        }
    }

    private static func message(for failure: FailureReason?) -> Logger.Message {
        switch failure?.code {
        case "generation_timeout": "a task timed out"
        case "result_lost": "a task's result is lost"
        case "dismissed": "a task was settled as never billed"
        case _: failure?.httpStatus == nil ? "a task failed" : "the provider refused a job"
        }
    }

    private func metadata(of record: TaskRecord) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "task_id": "\(record.id)", "model": "\(record.model)", "attempt": "\(record.attempts)",
        ]
        metadata["provider_task_id"] = record.providerTaskID.map { "\($0)" }
        if let failure = record.failure {
            metadata["code"] = "\(failure.code)"
            metadata["received"] = "\(failure.message)"
            metadata["http_status"] = failure.httpStatus.map { "\($0)" }
        }
        if record.state == .uncertain, let reply = record.evidence?.reply {
            metadata["received"] = "\(reply.message)"
            metadata["http_status"] = reply.status.map { "\($0)" }
            metadata["bytes_sent"] = reply.bytesSent.map { "\($0)" }
            metadata["provider_request_id"] = reply.providerRequestID.map { "\($0)" }
        }
        return metadata
    }
}
