import ArgumentParser
import GatewayProtocol
import JSONText

/// `reelgate clients rotate`: replaces a client's token.
struct RotateClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Prints a new token of a client. Its earlier tokens become invalid.",
        discussion: "Also gives a new token to a client whose tokens were revoked.")

    /// 30 days, the gateway's limit.
    private static let overlapMax = Duration.seconds(30 * 86_400)

    @OptionGroup var client: ClientArgument

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long the earlier tokens stay valid, such as 24h; at most 30d.", valueName: "duration"))
    var overlap = "0s"

    @OptionGroup var target: OperatorOption

    func validate() throws { _ = try seconds() }

    private func seconds() throws -> Int64 {
        guard let duration = DurationText.duration(overlap), duration <= Self.overlapMax,
            duration.components.attoseconds == 0
        else {
            let hint = Int64(overlap).map { "; did you mean \($0)s?" } ?? ""
            throw ValidationError(
                "--overlap \(overlap): whole seconds with a unit, up to 30d, such as 90s or 24h\(hint)")
        }
        return duration.components.seconds
    }

    func run() async throws {
        let seconds = try seconds()
        let report = try await target.gateway().client(
            OperatorCall(
                "POST", client.rotationPath,
                [ClientMember.overlapSeconds.rawValue: .integer(seconds)]))
        let earlier = seconds == 0 ? "are invalid now" : "stay valid for \(overlap)"
        try report.printToken(
            "This is the only time that the token is shown; the earlier tokens of \(client.name) \(earlier).")
    }
}
