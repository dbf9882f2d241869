import HTTPFetching
import Transport

extension CommandError {
    /// Maps an error of a call to the error of a command.
    init(_ error: any Error, calling base: BaseURL) {
        switch error {
        case let failure as CommandError:
            self = failure
        case let lost as UnansweredSubmissionError:
            self = lost.commandError
        case let problem as GatewayProblem:
            self = Self.proxyError(problem, calling: base) ?? problem.commandError
        case let failure as FetchError:
            self.init(
                "cannot reach the gateway at \(base.text): \(failure.message)",
                remedy: failure.proxy.map { Self.remedy(for: $0, calling: base) }
                    ?? "Start it with reelgate serve, or set its address with --gateway or REELGATE_URL.",
                status: .unreachable)
        default:
            self.init("\(error)")
        }
    }

    /// The error of a response that is not a gateway's and may be a proxy's.
    private static func proxyError(_ problem: GatewayProblem, calling base: BaseURL) -> CommandError? {
        guard !problem.isFromGateway, let proxy = OutboundProxy.used(forURL: base.text) else { return nil }
        return CommandError(
            "cannot reach the gateway at \(base.text) through the proxy \(proxy): \(problem.detail) "
                + "(\(problem.status))",
            remedy: remedy(for: proxy, calling: base), status: .unreachable)
    }

    private static func remedy(for proxy: OutboundProxy, calling base: BaseURL) -> String {
        "Unset \(proxy.variable), or add \(base.hostName) to no_proxy, if the gateway can be reached without "
            + "a proxy."
    }
}
