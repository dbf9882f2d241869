import GatewayProtocol
import JSONText

/// A header field of a successful response, in the description of the API.
enum ResponseField: String, CaseIterable, Sendable {
    case entityTag = "ETag"
    case location = "Location"
    case retryAfter = "Retry-After"
    case preferenceApplied = "Preference-Applied"
    case serverTiming = "Server-Timing"
    case idempotentReplayed = "Idempotent-Replayed"
    case shouldRetry = "x-should-retry"
    case acceptRanges = "Accept-Ranges"
    case contentRange = "Content-Range"
    case contentDisposition = "Content-Disposition"
    case setCookie = "Set-Cookie"
    case deprecation = "Deprecation"
    case sunset = "Sunset"
    case link = "Link"
    case requestID = "X-Request-Id"

    /// The value of `$ref`.
    var reference: String { "#/components/headers/\(rawValue)" }

    /// The component.
    var header: JSONValue { ["description": .string(summary), "schema": schema.json] }

    private var summary: String {
        switch self {
        case .entityTag: "the version of the response, for If-None-Match"
        case .location: "the URL of what the response is about"
        case .retryAfter: "when to ask again, in seconds"
        case .preferenceApplied: "the preference that was followed (RFC 7240)"
        case .serverTiming: "how long the gateway and the provider took, in milliseconds"
        case .idempotentReplayed: "true if the job joined the task of an earlier request"
        case .shouldRetry: "false if a blind second request could buy a second video"
        case .acceptRanges: "bytes if Range is supported"
        case .contentRange: "the part of the video in this response"
        case .contentDisposition: "whether a browser shows or saves the video, and its file name"
        case .setCookie: "the cookie of the session"
        case .deprecation: "since when the job's model is deprecated (RFC 9745)"
        case .sunset: "when the job's model ends (RFC 8594)"
        case .link: "the successor of the job's model (RFC 8288)"
        case .requestID: "the id of the request, as in the log"
        }
    }

    private var schema: JSONSchema {
        switch self {
        case .retryAfter: .count
        case .idempotentReplayed: .choice(["true"])
        case .shouldRetry: .choice(["false"])
        case .entityTag, .location, .preferenceApplied, .serverTiming, .acceptRanges, .contentRange,
            .contentDisposition, .setCookie, .deprecation, .sunset, .link, .requestID:
            .string
        }
    }

    /// Whether a response of this status can have the field.
    func isFound(in status: Int) -> Bool {
        switch self {
        case .retryAfter: status == 202
        case .contentRange: status == 206
        case .contentDisposition: status == 200 || status == 206
        case .entityTag, .acceptRanges: status != 307
        case .location: status != 206 && status != 304
        case .preferenceApplied, .serverTiming, .idempotentReplayed, .shouldRetry, .setCookie, .deprecation,
            .sunset, .link, .requestID:
            true
        }
    }
}
