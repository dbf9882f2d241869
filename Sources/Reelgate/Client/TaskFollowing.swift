import GatewayProtocol

/// Follows a task on its event stream until it ends.
struct TaskFollowing: Sendable {
    let client: GatewayClient
    let display: TaskDisplay

    /// Shows every change and returns the last one. Connects again while the gateway is unavailable.
    func end(of id: String) async throws -> TaskReport {
        let stream = EventFollowing(
            client: client, target: GatewayPath.path(GatewayPath.taskEvents, id: id),
            note: { [display] in display.note($0) })
        while true {
            _ = try await stream.run { [display] event in
                guard let report = try TaskReport(event) else { return true }
                display.show(report)
                return report.isOpen
            }
            if let report = display.report, !report.isOpen { return report }
            // The gateway has nothing further to send, so the task should have ended.
            let report = try await client.task(id)
            display.show(report)
            if !report.isOpen { return report }
            await client.pause(.seconds(1))
            try Task.checkCancellation()
        }
    }
}
