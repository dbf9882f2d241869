import HTTPFetching
import JSONText

/// A gateway's no, as it says it: `application/problem+json` (contract, section 5).
struct GatewayProblem: Error, Equatable, Sendable {
    let status: Int
    let code: String
    let detail: String
    /// One line for each fault: where, what, and a hint.
    let faults: [String]
    /// The task that the request made durable or meant.
    let taskID: String?
    /// Seconds.
    let retryAfter: Int?

    private static let unknownCode = "unknown"
    /// Whether a gateway said it, and not a server or a proxy in its place.
    var isGateways: Bool { code != Self.unknownCode }

    /// Reads an answer. One that is no problem of a gateway becomes one that says so.
    init(_ response: FetchResponse) {
        let json = (try? JSONValue(parsing: response.body)) ?? .null
        status = response.status
        // Others, the provider among them, have an error object too, but no detail beside it.
        let isOurs = json["detail"]?.string != nil
        code = (isOurs ? json["error"]?["code"]?.string : nil) ?? Self.unknownCode
        detail = json["detail"]?.string ?? "the answer is none of a gateway's"
        faults = (json["errors"]?.array ?? []).compactMap(Self.line)
        taskID = json["task_id"]?.string
        retryAfter = response["Retry-After"].flatMap { Int($0) }
    }

    private static func line(_ fault: JSONValue) -> String? {
        guard let message = fault["message"]?.string else { return nil }
        let place = fault["pointer"]?.string ?? fault["parameter"]?.string ?? fault["header"]?.string ?? ""
        let hint = fault["hint"]?.string.map { " (\($0))" } ?? ""
        return place.isEmpty ? "  \(message)\(hint)" : "  \(place): \(message)\(hint)"
    }

    /// What the person at the command is told.
    var failure: CommandError {
        // A single fault often is the detail already.
        let lines = faults.filter { !$0.hasSuffix(detail) }
        let what = ["\(detail) (\(status) \(code))"] + lines
        return CommandError(what.joined(separator: "\n"), remedy: remedy)
    }

    private var remedy: String {
        let look = taskID.map { " See reelgate tasks show \($0)" } ?? ""
        switch code {
        case "outcome_unknown":
            return "Do not send the job again: it may be running and billed.\(look)"
        case "invalid_parameters", "unknown_model", "malformed_json", "unsupported_media_type",
            "body_too_large":
            return "Mend the job and send it again; nothing was bought."
        case "provider_refused":
            return "Mend the job and send it again; nothing was bought.\(look)"
        case "idempotency_key_reused":
            return "Leave --idempotency-key out, or give a fresh one, to send another job."
        case "not_found":
            return "reelgate tasks list shows the tasks that there are."
        case "cannot_cancel":
            return "Wait for its end with reelgate tasks wait\(taskID.map { " \($0)" } ?? "")"
        case "not_uncertain":
            return "reelgate tasks list --state uncertain shows those that can be settled.\(look)"
        case "provider_task_taken":
            return "Look at the id again: it must be the one that the provider gave to this very job."
        case "unknown_provider_task":
            return "Look at the id again. A job that the provider never had is settled with dismiss."
        case "host_not_allowed":
            return "Use an address that the gateway listens on, or add this name to its allowed_hosts."
        case "not_paused":
            return "GET /readyz says what else keeps jobs from being sent."
        case "store_restored":
            return "Settle its uncertain tasks, then run reelgate resume --older-store.\(look)"
        default:
            return otherRemedy
        }
    }

    private var otherRemedy: String {
        if let taskID, status == 503 {
            return "The job is kept and will be sent; wait for it with reelgate tasks wait \(taskID)"
        }
        if code == Self.unknownCode {
            return "Is this the address of a gateway? Say where it is with --gateway or REELGATE_URL."
        }
        switch status {
        case 429, 503: return "Try again in \(retryAfter ?? 10) seconds."
        case 500...: return "The gateway's log says more."
        default: return "reelgate help tells what each command takes."
        }
    }
}
