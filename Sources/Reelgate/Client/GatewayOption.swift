import ArgumentParser
import FoundationEssentials
import Transport

/// Where the gateway is: an option of every command that asks one.
struct GatewayOption: ParsableArguments {
    static let standard = "http://127.0.0.1:8031"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            The gateway's address. Without it REELGATE_URL counts, then \(Self.standard). For https, \
            SSL_CERT_FILE may name the authorities to trust.
            """,
            valueName: "url"))
    var gateway: String?

    func validate() throws {
        guard BaseURL(text) != nil else {
            throw ValidationError("\(source): not an address such as \(Self.standard)")
        }
    }

    /// A client of that gateway.
    func client() throws -> GatewayClient {
        guard let base = BaseURL(text) else { preconditionFailure("validated") }
        return GatewayClient(
            base: base, loop: try EventLoop(label: "client"),
            certificateFile: try OutboundTrust.certificateFile())
    }

    private var text: String { gateway ?? environment ?? Self.standard }
    private var source: String { gateway == nil ? "REELGATE_URL" : "--gateway" }

    private var environment: String? {
        let text = ProcessInfo.processInfo.environment["REELGATE_URL"]
        return text?.isEmpty == false ? text : nil
    }
}

/// A task's id, as it may stand in a path.
struct TaskArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The task: our id or the provider's.", valueName: "id"))
    var id: String

    func validate() throws {
        let isPlain = id.utf8.allSatisfy(GatewayClient.isPlain) && !id.hasPrefix(".")
        guard isPlain, !id.isEmpty, id.utf8.count <= 200 else {
            throw ValidationError("that is no id of a task; reelgate tasks list shows them")
        }
    }
}
