import ArgumentParser
import Gateway
import GatewayProtocol
import JSONText
import Transport

/// `reelgate usage`: shows what was spent, reserved and held, and what is left.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Shows what was spent, reserved and held, and what is left of limits and budgets.",
        discussion: """
            Amounts are the list prices of the catalog. Reserved: of open tasks. Held: of submissions \
            that may have been billed. Uses the operator socket of the running gateway. When no \
            gateway runs, it opens the store itself. Run it as the user of the gateway.

            With --gateway or --token-file it asks the gateway at that address as a client: a submitter \
            sees its own jobs and limits.

            Readable text on a terminal; one JSON document in a pipe or file.
            """)

    @Option(parsing: .unconditional, help: ArgumentHelp("Only this client.", valueName: "name"))
    var client: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("One line for each client (the default), model or day (UTC).", valueName: "what"))
    var by: UsageGrouping = .client

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Jobs since a time: \(TimeText.examples) (UTC). Default: the current month.", valueName: "time"))
    var since: String?

    @Flag(help: "Print comma-separated values.")
    var csv = false

    @OptionGroup var options: GatewayOption
    @OptionGroup var target: OperatorOption

    func validate() throws {
        if isRemote, target.config != nil {
            throw ValidationError(
                "--config finds the gateway of this machine: leave out --gateway and --token-file")
        }
        _ = try parameters()
    }

    private var isRemote: Bool { options.gateway != nil || options.tokenFile != nil }

    func run() async throws {
        var call = OperatorCall(reading: GatewayPath.usage, try parameters())
        if csv { call.accept = "text/csv" }
        show(try await isRemote ? remoteBody(call) : localBody(call))
    }

    private func remoteBody(_ call: OperatorCall) async throws -> [UInt8] {
        let gateway = try options.client()
        do { return try await gateway.body(call) } catch { throw CommandError(error, calling: gateway.base) }
    }

    private func localBody(_ call: OperatorCall) async throws -> [UInt8] {
        let gateway = try target.gateway()
        let body = try await gateway.body(call)
        if let client {
            try await ClientSearch(gateway: gateway).requireClient(client)
        }
        return body
    }

    private func show(_ body: [UInt8]) {
        guard !csv, StandardStream.output.isTerminal, let report = try? JSONValue(parsing: body) else {
            // Lines as other programs of this system write them.
            let text = String(decoding: body, as: UTF8.self).replacing("\r\n", with: "\n")
            return StandardStream.output.line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
        for line in UsageListing.lines(report) { StandardStream.output.line(line) }
    }

    private func parameters() throws -> [(name: String, value: String)] {
        var parameters = [(name: "by", value: by.rawValue)]
        if let client { parameters.append((name: "client", value: client)) }
        if let since {
            guard let time = TimeText.seconds(since, now: SystemTime.wallMilliseconds / 1000) else {
                throw ValidationError("--since \(since): a time such as \(TimeText.examples)")
            }
            parameters.append((name: "since", value: "\(time)"))
        }
        return parameters
    }
}

extension UsageGrouping: ExpressibleByArgument {}
