import GatewayProtocol
import JSONText

extension JSONSchema {
    /// The body of every error response.
    static var problem: JSONSchema {
        object([
            .required(ProblemMember.type, const("about:blank")), .required(ProblemMember.title, string),
            .required(ProblemMember.status, integer(400...599)), .required(ProblemMember.detail, string),
            .required(ProblemMember.requestID, string), .optional(ProblemMember.taskID, string),
            .optional(ProblemMember.hint, string), .optional(ProblemMember.limit, limit),
            .optional(ProblemMember.content, expiredContent),
            .required(ProblemMember.errors, array(ref(.issue))), .required(ProblemMember.error, error),
        ])
    }

    /// One thing that is wrong with a request.
    static var issue: JSONSchema {
        object([
            .optional(ProblemMember.pointer, string.described("a JSON Pointer into the body (RFC 6901)")),
            .optional(ProblemMember.parameter, string), .optional(ProblemMember.header, string),
            .required(ProblemMember.code, string), .required(ProblemMember.message, string),
            .optional(ProblemMember.allowed, array(any)), .optional(ProblemMember.hint, string),
            .optional(ProblemMember.line, count), .optional(ProblemMember.column, count),
        ])
    }

    private static var error: JSONSchema {
        object([
            .required(ProblemMember.message, string), .required(ProblemMember.type, string),
            .required(ProblemMember.code, choice(ProblemCode.self)),
            .required(ProblemMember.param, string.orNull),
        ])
    }

    private static var limit: JSONSchema {
        object([
            .required(ProblemMember.name, string), .optional(ProblemMember.max, count),
            .optional(ProblemMember.microdollars, microdollars), .optional(ProblemMember.resets, seconds),
            .optional(ProblemMember.leftMicrodollars, microdollars),
            .optional(ProblemMember.priceMicrodollars, microdollars),
        ])
    }

    private static var expiredContent: JSONSchema {
        object([
            .required(ProblemMember.contentType, string), .required(ProblemMember.bytes, count),
            .required(ProblemMember.sha256, string), .required(ProblemMember.archived, seconds.orNull),
            .required(ProblemMember.removed, seconds.orNull),
        ])
    }
}
