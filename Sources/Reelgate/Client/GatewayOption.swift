import ArgumentParser
import FoundationEssentials
import Transport

/// The gateway's address: an option of every command that calls a gateway.
struct GatewayOption: ParsableArguments {
    static let standard = "http://127.0.0.1:8031"
    static let variable = "REELGATE_URL"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            The gateway's address; by default REELGATE_URL, then \(Self.standard). For https, \
            SSL_CERT_FILE may name the certificate authorities to trust.
            """,
            valueName: "url"))
    var gateway: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A file with the client's token (mode 600); by default the token in REELGATE_TOKEN.",
            valueName: "file"))
    var tokenFile: String?

    func validate() throws {
        guard BaseURL(text) != nil else {
            throw ValidationError("\(source): must be an address such as \(Self.standard)")
        }
    }

    /// Returns a client of that gateway.
    func client() throws -> GatewayClient {
        guard let base = BaseURL(text) else { preconditionFailure("validated") }
        return GatewayClient(
            base: base, loop: try EventLoop(label: "client"),
            certificateFile: try OutboundTrust.certificateFile(),
            token: try CommandToken.read(
                file: tokenFile, environment: ProcessInfo.processInfo.environment))
    }

    private var text: String { gateway ?? Self.environment ?? Self.standard }
    private var source: String { gateway == nil ? Self.variable : "--gateway" }

    /// The address in the environment; `nil` if there is none.
    static var environment: String? {
        let text = ProcessInfo.processInfo.environment[variable]
        return text?.isEmpty == false ? text : nil
    }
}
