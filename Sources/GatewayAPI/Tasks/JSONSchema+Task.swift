import GatewayProtocol
import JSONText
import VideoJobs

// The task.
extension JSONSchema {
    static var task: JSONSchema {
        object([
            .required(TaskMember.id, string), .required(TaskMember.object, const("video.generation.task")),
            .required(TaskMember.type, const("video")), .required(TaskMember.created, seconds),
            .required(TaskMember.model, string), .required(TaskMember.status, choice(TaskStatus.self)),
            .required(TaskMember.progress, integer(0...100)), .required(TaskMember.taskInfo, taskInfo),
            .required(TaskMember.results, results), .required(TaskMember.error, taskError),
            .required(TaskMember.usage, providerUsage), .required(TaskMember.gateway, gatewayPart),
        ])
    }

    /// What the provider reports of its charges.
    static var providerUsage: JSONSchema { any.described("what the provider says that it charged, or null") }

    private static var taskInfo: JSONSchema {
        object([
            .required(TaskMember.canCancel, boolean),
            .required(TaskMember.estimatedTime, count.orNull.described("seconds")),
        ])
    }

    static var results: JSONSchema {
        array(
            object([
                .required(TaskMember.url, string.with("format", "uri")),
                .required(TaskMember.contentType, string), .required(TaskMember.bytes, count),
                .required(TaskMember.sha256, string), .required(TaskMember.verified, boolean),
                .optional(TaskMember.contentCredentials, boolean),
            ])
        ).orNull
    }

    static var taskError: JSONSchema {
        object([.required(TaskMember.code, string), .required(TaskMember.message, string)]).orNull
    }

    private static var gatewayPart: JSONSchema {
        object([
            .required(TaskMember.state, choice(TaskState.self)), .optional(TaskMember.prompt, string),
            .required(TaskMember.version, count), .required(TaskMember.providerTaskID, string.orNull),
            .required(TaskMember.queuePosition, count.orNull), .required(TaskMember.attempts, count),
            .required(TaskMember.updated, seconds), .required(TaskMember.contentExpires, seconds.orNull),
            .required(TaskMember.client, string), .optional(TaskMember.contentRemoved, boolean),
            .optional(TaskMember.slow, boolean), .optional(TaskMember.price, taskPrice),
            .optional(TaskMember.review, taskReview), .optional(TaskMember.warnings, warnings),
            .required(TaskMember.waiting, waiting), .required(TaskMember.evidence, evidence),
        ])
    }

    static var taskPrice: JSONSchema {
        object([
            .required(TaskMember.microdollars, microdollars),
            .required(TaskMember.state, choice(PriceState.self)),
            .optional(TaskMember.earlierMicrodollars, microdollars),
        ])
    }

    static var taskReview: JSONSchema {
        object([
            .required(TaskMember.verdict, choice(TaskReview.Verdict.self)),
            .required(TaskMember.note, string.orNull),
        ])
    }

    private static var warnings: JSONSchema {
        array(object([.required(TaskMember.code, string), .required(TaskMember.message, string)]))
    }

    private static var waiting: JSONSchema {
        object([
            .required(TaskMember.code, string), .required(TaskMember.message, string),
            .required(TaskMember.next, seconds.orNull),
        ]).orNull
    }

    private static var evidence: JSONSchema {
        object([
            .required(TaskMember.attempt, count), .required(TaskMember.sent, seconds),
            .required(TaskMember.lost, seconds), .required(TaskMember.bytesSent, count.orNull),
            .required(TaskMember.status, count.orNull), .required(TaskMember.words, string.orNull),
            .required(TaskMember.providerRequestID, string.orNull),
        ]).orNull
    }
}

// Bodies of calls about a task.
extension JSONSchema {
    static var review: JSONSchema {
        closed([
            .required(TaskMember.verdict, choice(TaskReview.Verdict.self)),
            .optional(
                TaskMember.note,
                text(1...TaskReview.noteMax).orNull
                    .described("at most \(TaskReview.noteMax) bytes of UTF-8")),
        ])
    }

    static var adoption: JSONSchema {
        closed([
            .required(TaskMember.providerTaskID, text(1...256, pattern: "^[!-~]+$"))
        ])
    }
}
