import GatewayProtocol
import HTTPFetching
import JSONText

/// The outcome of a health check: one line, and the exit status of the command.
struct HealthReport: Equatable, Sendable {
    let line: String
    let status: ExitStatus

    /// The most text of a server that the line quotes, in characters.
    private static let textMax = 1000

    init(_ line: String, _ status: ExitStatus) {
        self.line = line
        self.status = status
    }

    /// Reads the response to `GET /readyz`.
    init(_ outcome: FetchOutcome, from address: GatewayAddress) {
        switch outcome {
        case .failed(let failure):
            let remedy = Self.remedy(for: failure.proxy)
            self.init("not reachable: \(address): \(failure.message)\(remedy)", .unreachable)
        case .completed(let response):
            self = Self.read(response, from: address)
        }
    }

    private static func read(_ response: FetchResponse, from address: GatewayAddress) -> HealthReport {
        let json = (try? JSONValue(parsing: response.body)) ?? .null
        if response.status == 200, json[ReadinessMember.status.rawValue]?.string == ReadinessMember.ready {
            let warnings = messages(json[ReadinessMember.warnings.rawValue])
            return HealthReport(warnings.isEmpty ? "ready" : "ready, with warnings: \(warnings)", .done)
        }
        let problem = GatewayProblem(response)
        if let code = problem.code {
            let reasons = messages(json[ProblemMember.errors])
            return HealthReport(
                "not ready: \(reasons.isEmpty ? "\(problem.detail) (\(code))" : reasons)", .failed)
        }
        if let proxy = address.proxy {
            let text = "not reachable: \(address): the proxy \(proxy) responded with \(response.status)"
            return HealthReport(text + remedy(for: proxy), .unreachable)
        }
        return HealthReport(
            "not ready: the response of \(address) (\(response.status)) is not a gateway's", .failed)
    }

    /// Returns the messages of a list of issues, each with its code.
    private static func messages(_ list: JSONValue?) -> String {
        let messages = (list?.array ?? []).compactMap { issue -> String? in
            guard let message = issue[ProblemMember.message]?.string else { return nil }
            return issue[ProblemMember.code]?.string.map { "\(message) (\($0))" } ?? message
        }
        return String(PrintableText.line(messages.joined(separator: "; ")).prefix(textMax))
    }

    private static func remedy(for proxy: OutboundProxy?) -> String {
        proxy.map { "; unset \($0.variable) or add the host to no_proxy if it needs no proxy" } ?? ""
    }
}
