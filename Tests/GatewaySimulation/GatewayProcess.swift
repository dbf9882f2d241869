import GatewayFakes
import Logging
import Synchronization
import VideoJobs

@testable import Gateway

/// What somebody outside heard from the gateway.
enum ClientReport: Sendable {
    case started(Bool)
    case stopped
    /// The answer to a POST; the number is the client's own.
    case admission(Int, AdmittedTask?, GatewayError?)
    /// A record that was shown, rendered into an answer, or waited for.
    case record(TaskRecord)
    case cancelled(TaskID)
    /// How an operator's settlement ended.
    case settlement(TaskID, isReceived: Bool)
    /// A video that could be read.
    case content(TaskID)
}

/// One life of the gateway's process: an executor of its own, so that a crash ends all that runs.
final class GatewayProcess: Sendable {
    let executor = SteppedExecutor()
    let gateway: VideoGateway
    private let log: ToldLog

    init(settings: GatewaySettings, ports: GatewayPorts) {
        let log = ToldLog()
        var ports = ports
        ports.executor = executor
        ports.log = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        gateway = VideoGateway(settings: settings, ports: ports, observers: [log])
        self.log = log
    }

    /// What was told since this was last asked.
    func takeReports() -> [ClientReport] { log.take() }

    /// Starts what a caller wants; it dies with the process.
    func call(_ work: @escaping @Sendable (VideoGateway, ToldLog) async -> Void) {
        let gateway = gateway
        let log = log
        executor.begin { await work(gateway, log) }
    }
}

/// Collects what is told, in order.
final class ToldLog: TaskObserver {
    private let entries = Mutex<[ClientReport]>([])

    func add(_ report: ClientReport) { entries.withLock { $0.append(report) } }

    func taskPublished(_ record: TaskRecord) { add(.record(record)) }
    func taskEvicted(_ record: TaskRecord) {}

    func take() -> [ClientReport] {
        entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }
}

extension GatewayClock {
    /// How far the wall clock is ahead of the monotonic one.
    var wallOffset: Duration { .milliseconds(now().milliseconds - monotonic().milliseconds) }
}
