import GatewayProtocol
import HTTPFetching
import JSONText

extension GatewayOption {
    /// Settles a task. A lost response is an error with the command that shows the outcome.
    func settle(
        _ id: String, by action: SettlementAction, _ members: JSONObject = JSONObject()
    ) async throws -> TaskReport {
        let client = try client()
        do {
            return try await client.settle(id, by: action, members)
        } catch let failure as FetchError where failure.stage == .afterSending {
            throw CommandError(
                "the gateway's response was lost: \(failure.message)",
                remedy:
                    "Task \(id) may be settled: check with reelgate tasks show \(id) before you try again.",
                status: .unreachable)
        } catch {
            throw CommandError(error, calling: client.base)
        }
    }
}

extension TaskReport {
    /// Prints what was done and how to continue on a terminal, else a JSON line.
    func printOutcome(_ outcome: String) {
        guard StandardStream.output.isTerminal else { return StandardStream.output.line(line) }
        StandardStream.output.line(outcome)
        if isOpen { StandardStream.output.line("Wait for it with reelgate tasks wait \(id)") }
    }
}
