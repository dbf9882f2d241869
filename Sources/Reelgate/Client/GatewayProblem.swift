import GatewayProtocol
import HTTPFetching
import JSONText

/// A gateway's problem response: `application/problem+json`.
struct GatewayProblem: Error, Equatable, Sendable {
    let status: Int
    /// The member `error.code`; `nil` if a server or a proxy other than a gateway responded.
    let code: String?
    let detail: String
    /// One line for each issue: location, message and hint.
    let issues: [String]
    /// The task that the request created or named.
    let taskID: String?
    /// Seconds.
    let retryAfter: Int?
    /// What to do, where the gateway says more than the code does.
    let hint: String?

    /// Whether a gateway responded, and not a server or a proxy in its place.
    var isFromGateway: Bool { code != nil }

    /// Reads a response. A response of another server becomes a problem without a code.
    init(_ response: FetchResponse) {
        let json = (try? JSONValue(parsing: response.body)) ?? .null
        status = response.status
        // Other servers, the provider among them, have an error object too, but no detail beside it.
        let detail = json[ProblemMember.detail]?.string
        code =
            detail == nil
            ? nil : json[ProblemMember.error]?[ProblemMember.code]?.string.map(PrintableText.line)
        self.detail = detail.map(PrintableText.line) ?? "the response does not come from a gateway"
        issues = (json[ProblemMember.errors]?.array ?? []).compactMap(Self.line).map(PrintableText.line)
        taskID = json[ProblemMember.taskID]?.string.map(PrintableText.line)
        retryAfter = response["Retry-After"].flatMap { Int($0) }
        hint = json[ProblemMember.hint]?.string.map(PrintableText.line)
    }

    private static func line(_ issue: JSONValue) -> String? {
        guard let message = issue[ProblemMember.message]?.string else { return nil }
        let locations = [ProblemMember.pointer, .parameter, .header]
        let location = locations.lazy.compactMap { issue[$0]?.string }.first ?? ""
        let hint = issue[ProblemMember.hint]?.string.map { " (\($0))" } ?? ""
        return location.isEmpty ? "  \(message)\(hint)" : "  \(location): \(message)\(hint)"
    }

    /// The problem as an error of a command.
    var commandError: CommandError {
        // The message of a single issue often is the detail already.
        let lines = issues.filter { !$0.hasSuffix(detail) }
        let what = ["\(detail) (\(status) \(code ?? "unknown"))"] + lines
        return CommandError(what.joined(separator: "\n"), remedy: remedy)
    }

    private var remedy: String {
        guard let code else {
            return "Is this the address of a gateway? Set it with --gateway or REELGATE_URL."
        }
        if let hint { return hint }
        if let known = ProblemCode(rawValue: code) {
            return known.remedy(task: taskID, retryAfter: retryAfter)
        }
        // A newer gateway may use further codes.
        switch status {
        case 429, 503: return ProblemCode.providerUnreachable.remedy(task: taskID, retryAfter: retryAfter)
        case 500...: return ProblemCode.internalError.remedy(task: taskID)
        default: return ProblemCode.badRequest.remedy(task: taskID)
        }
    }
}
