import GatewayFakes
import Logging

@testable import Gateway

/// One process of the gateway, from start to crash or stop. It has its own executor, so that a crash ends all
/// of its work.
final class GatewayProcess: Sendable {
    let executor = SteppedExecutor()
    let gateway: VideoGateway
    private let log: ReportLog

    init(settings: GatewaySettings, ports: GatewayPorts) {
        let log = ReportLog()
        var ports = ports
        ports.executor = executor
        ports.log = StructuredLog(Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        gateway = VideoGateway(settings: settings, ports: ports, observers: [log])
        self.log = log
    }

    /// Returns the reports since the last call.
    func takeReports() -> [ClientReport] { log.take() }

    /// Starts a caller's work; it ends with the process.
    func call(_ work: @escaping @Sendable (VideoGateway, ReportLog) async -> Void) {
        let gateway = gateway
        let log = log
        executor.begin { await work(gateway, log) }
    }
}
