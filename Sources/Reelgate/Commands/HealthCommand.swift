import ArgumentParser
import GatewayProtocol
import HTTPFetching
import Transport

/// `reelgate health`: whether a gateway can take jobs, in one line.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Checks whether a gateway can take jobs.",
        discussion: """
            Prints one line and exits with 0 if the gateway is ready, with 1 and the reasons if it is not, \
            and with 3 if it cannot be reached within 5 seconds. Needs no token, and causes no request to \
            the provider. For checks of containers, load balancers and scripts.

            For https, SSL_CERT_FILE may name the certificate authorities to trust. A gateway that requires \
            client certificates is checked through a Unix-domain socket, such as its operator socket:

              reelgate health --gateway unix:data/operator.sock
            """)

    /// The time limit of the whole check.
    private static let timeLimit: Duration = .seconds(5)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            The gateway's address, or unix: and the path of its socket; by default REELGATE_URL, then \
            \(GatewayOption.standard).
            """,
            valueName: "url"))
    var gateway: String?

    func validate() throws {
        guard GatewayAddress(text) != nil else {
            let source = gateway == nil ? GatewayOption.variable : "--gateway"
            throw ValidationError(
                "\(source): must be an address such as \(GatewayOption.standard) or unix:/run/reelgate.sock")
        }
    }

    func run() async throws {
        guard let address = GatewayAddress(text) else { preconditionFailure("validated") }
        let report = HealthReport(try await response(of: address), from: address)
        guard report.status == .done else { throw CommandError(report.line, status: report.status) }
        StandardStream.output.line(report.line)
    }

    /// Returns what the gateway responds to the question whether it is ready.
    private func response(of address: GatewayAddress) async throws -> FetchOutcome {
        let loop = try EventLoop(label: "health")
        let fetcher = HTTPFetcher(
            loop: loop, userAgent: "reelgate/\(Reelgate.version)", connectionsMax: 1,
            certificateFile: try OutboundTrust.certificateFile())
        return await fetcher.fetch(address.request("GET", GatewayPath.readiness, within: Self.timeLimit))
    }

    private var text: String { gateway ?? GatewayOption.environment ?? GatewayOption.standard }
}
