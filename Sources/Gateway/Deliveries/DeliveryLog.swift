import Tracing
import VideoJobs

// The log lines of deliveries. None contains a URL.
extension StructuredLog {
    /// Logs the end of an attempt.
    func record(_ reply: WebhookReply, _ delivery: Delivery) {
        let attempt = delivery.attempts.last
        var metadata: StructuredLog.Fields = ["attempt": .number(attempt?.number ?? 0)]
        metadata["status"] = reply.status.map { .number($0) }
        metadata["reason"] = reply.message.map { "\($0)" }
        if case .webhook(_, let callback) = delivery.target {
            metadata.add(callback.trace.flatMap { TaskTrace(text: $0) }?.context)
        }
        let noun = delivery.describe(in: &metadata)
        switch delivery.state {
        case .delivered: info(.deliveryDelivered, "\(noun) was delivered", metadata: metadata)
        case .pending: info(.deliveryRetried, "\(noun) failed and is sent again later", metadata: metadata)
        case .stopped: notice(.deliveryStopped, "\(noun) is not sent again", metadata: metadata)
        case .failed: warning(.deliveryFailed, "\(noun) failed for the last time", metadata: metadata)
        }
    }
}

extension Delivery {
    /// Adds what the delivery is about. Returns its noun.
    fileprivate func describe(in metadata: inout StructuredLog.Fields) -> String {
        switch target {
        case .webhook(let type, _):
            if case .webhook(let task, _) = id { metadata["task_id"] = "\(task)" }
            metadata["webhook_id"] = "\(id)"
            metadata["type"] = "\(type.rawValue)"
            return "a webhook"
        case .notice(let notice):
            metadata["notice_id"] = "\(id)"
            metadata["type"] = "\(notice.event.type)"
            metadata["template"] = "\(notice.template)"
            metadata["url_file"] = "\(notice.receiver)"
            return "a notice"
        }
    }
}
