import ArgumentParser
import GatewayProtocol
import JSONText
import Transport

/// `reelgate audit`: lists who did what.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Lists who did what and what the gateway decided, newest first.",
        discussion: """
            Lists admitted and refused jobs, cancelled and settled tasks, changes of clients, resumed \
            submission and reloads of the provider's key. Uses the operator socket of the running gateway. \
            When no gateway runs, it opens the store itself. Run it as the user of the gateway.

            Readable text on a terminal; one JSON object per line in a pipe or file.
            """)

    /// The gateway's page size limit.
    private static let pageMax = 1_000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only records since a time: \(TimeText.examples) (UTC).", valueName: "time"))
    var since: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only actions by or on this client.", valueName: "name"))
    var client: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The maximum number of records. Default: 100, or all with --since.", valueName: "n"))
    var limit: Int?

    @OptionGroup var target: OperatorOption

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): a number from 1") }
        _ = try filters()
    }

    func run() async throws {
        let gateway = try target.gateway()
        let limit = limit ?? (since == nil ? 100 : .max)
        var isTableBegun = false
        var shown = 0
        var next: String?
        repeat {
            var parameters = try filters()
            parameters.append((name: "limit", value: "\(min(Self.pageMax, limit - shown))"))
            if let next { parameters.append((name: "after", value: next)) }
            var call = OperatorCall(reading: GatewayPath.audit, parameters)
            call.isContinuation = next != nil
            let page = try await gateway.page(call)
            show(page.documents, isTableBegun: isTableBegun)
            isTableBegun = isTableBegun || !page.documents.isEmpty
            shown += page.documents.count
            next = page.next
        } while next != nil && shown < limit
        if shown == 0, let client { try await ClientSearch(gateway: gateway).requireClient(client) }
        guard StandardStream.output.isTerminal else { return }
        if shown == 0 { StandardStream.output.line("No records.") }
        if next != nil { StandardStream.output.line("There are more records: raise --limit to list them.") }
    }

    /// The query parameters that select records.
    private func filters() throws -> [(name: String, value: String)] {
        var filters: [(name: String, value: String)] = []
        if let since {
            guard let time = TimeText.seconds(since, now: SystemTime.wallMilliseconds / 1000) else {
                throw ValidationError("--since \(since): a time such as \(TimeText.examples)")
            }
            filters.append((name: "since", value: "\(time)"))
        }
        if let client { filters.append((name: "client", value: client)) }
        return filters
    }

    private func show(_ records: [JSONValue], isTableBegun: Bool) {
        guard StandardStream.output.isTerminal else {
            for record in records {
                StandardStream.output.line(String(decoding: record.serialized(), as: UTF8.self))
            }
            return
        }
        guard !records.isEmpty else { return }
        for line in AuditListing.lines(records).dropFirst(isTableBegun ? 1 : 0) {
            StandardStream.output.line(line)
        }
    }
}
