import GatewayProtocol
import JSONText

/// A header field that an operation reads, in the description of the API.
enum RequestField: String, CaseIterable, Sendable {
    case prefer = "Prefer"
    case idempotencyKey = "Idempotency-Key"
    case ifNoneMatch = "If-None-Match"
    case ifRange = "If-Range"
    case range = "Range"
    case lastEventID = "Last-Event-ID"
    case traceparent

    /// The value of `$ref`.
    var reference: String { "#/components/parameters/\(rawValue)" }

    /// The component. A field that HTTP lets a server ignore has no pattern: any value is accepted.
    var parameter: JSONValue {
        [
            "name": .string(rawValue), "in": "header", "description": .string(summary),
            "schema": schema.json,
        ]
    }

    private var summary: String {
        switch self {
        case .prefer: "respond-async, or wait=N with at most 300 seconds (RFC 7240)"
        case .idempotencyKey:
            "1 to 255 visible ASCII characters, bare or in double quotes; the same job again under the same "
                + "key joins its task"
        case .ifNoneMatch: "the entity tag that the client has: 304 if it is the current one"
        case .ifRange: "the entity tag of the part that the client has"
        case .range: "one range of bytes (RFC 9110 §14)"
        case .lastEventID: "the id of the last event that the client has"
        case .traceparent: "the caller's position in a trace (W3C Trace Context)"
        }
    }

    private var schema: JSONSchema {
        switch self {
        case .idempotencyKey: .string.with("pattern", .string(IdempotencyKey.pattern))
        case .prefer, .ifNoneMatch, .ifRange, .range, .lastEventID, .traceparent: .string
        }
    }
}
