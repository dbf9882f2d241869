import GatewayProtocol
import JSONText
import VideoJobs

extension JSONSchema {
    /// A task's record.
    static var record: JSONSchema {
        object([
            .required(TaskMember.id, string), .required(TaskMember.object, const("video.generation.record")),
            .required(TaskMember.client, string), .required(TaskMember.model, string),
            .required(TaskMember.status, choice(TaskStatus.self)),
            .required(TaskMember.state, choice(TaskState.self)),
            .required(TaskMember.providerTaskID, string.orNull), .required(TaskMember.attempts, count),
            .required(RecordMember.job, object.orNull.described("the job as it is sent to the provider")),
            .required(RecordMember.timings, timings), .optional(TaskMember.price, taskPrice),
            .required(TaskMember.usage, providerUsage), .required(TaskMember.results, results),
            .required(TaskMember.error, taskError), .optional(TaskMember.review, taskReview),
            .required(RecordMember.history, array(historyEvent)),
            .required(
                RecordMember.software,
                object([.required(RecordMember.name, string), .required(TaskMember.version, string)])),
        ])
    }

    private static var timings: JSONSchema {
        object([
            .required(TaskMember.created, time.orNull), .required(TaskMember.sent, time.orNull),
            .required(RecordMember.accepted, time.orNull), .required(RecordMember.finished, time.orNull),
            .required(RecordMember.ended, time.orNull),
        ])
    }

    private static var historyEvent: JSONSchema {
        object([
            .required(RecordMember.number, count), .required(RecordMember.at, time),
            .required(RecordMember.event, string), .optional(RecordMember.detail, string),
        ])
    }

    /// A time with milliseconds.
    private static var time: JSONSchema {
        JSONSchema(["type": "number", "description": "seconds since 1970-01-01 UTC, with milliseconds"])
    }
}
