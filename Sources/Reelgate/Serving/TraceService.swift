import Gateway
import GatewayProtocol
import HTTPFetching
import HTTPServing
import HTTPWire
import TraceExport
import Tracing
import Transport

/// The traces of a running gateway: their recorder and their export. There is none unless `tracing.otlp` is
/// set.
struct TraceService: Sendable {
    /// The time limit of the last export.
    private static let stopTimeout: Duration = .seconds(3)
    /// Reads that are repeated all the time: recorded only in the trace of a caller.
    private static let polledPaths: Set<String> = [GatewayPath.health, GatewayPath.readiness, "/metrics"]

    let tracer: Tracer
    private let exporter: TraceExporter

    /// Starts the export. Returns `nil` if the settings have none.
    init?(_ settings: Settings.Tracing, on loop: EventLoop, _ log: StructuredLog) throws {
        guard let endpoint = settings.otlp else { return nil }
        tracer = Tracer(now: { SystemTime.wallNanoseconds }, random: { Entropy.randomNumber() })
        let resource = [
            SpanAttribute("service.name", "reelgate"), SpanAttribute("service.version", Reelgate.version),
            SpanAttribute("service.instance.id", Self.instanceID()),
        ]
        exporter = TraceExporter(
            endpoint: endpoint, tracer: tracer,
            encoding: OTLPEncoding(resource: resource, version: Reelgate.version),
            fetcher: try Service.makeFetcher(on: loop),
            environment: TraceExporter.Environment(
                now: { .milliseconds(SystemTime.monotonicMilliseconds) },
                sleep: { await loop.sleep(for: $0) },
                wallSeconds: { SystemTime.wallMilliseconds / 1000 }, executor: loop.taskExecutor),
            report: { Self.record($0, in: log) })
        exporter.start()
    }

    /// Exports what is left, for a bounded time.
    func stop() async { await exporter.stop(within: Self.stopTimeout) }

    private static func record(_ event: TraceExporter.Event, in log: StructuredLog) {
        switch event {
        case .unavailable(let reason):
            log.warning(
                .tracingUnavailable, "the collector of traces does not take spans; they are dropped",
                metadata: ["reason": "\(reason)"])
        case .available(let dropped):
            log.notice(
                .tracingAvailable, "the collector of traces takes spans again",
                metadata: ["dropped": .number(dropped)])
        case .partial(let rejected, let message):
            log.warning(
                .tracingPartial, "the collector of traces did not take all spans; this is logged once",
                metadata: ["rejected": .number(rejected), "reason": "\(message ?? "")"])
        }
    }

    /// A random UUID (version 4), one for each process.
    private static func instanceID() -> String {
        var bytes = Entropy.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
    }

    /// Whether a request without a trace of its caller begins one: not for what clients poll.
    static func beginsTrace(_ head: RequestHead) -> Bool {
        guard head.method == "GET" || head.method == "HEAD" else { return true }
        if polledPaths.contains(head.path) { return false }
        let tasks = GatewayPath.tasks + "/"
        return !head.path.hasPrefix(tasks) || head.path.dropFirst(tasks.count).contains("/")
    }
}

extension TraceService? {
    /// Returns the handler with spans around it; the handler itself if there are none.
    func tracingRequests(of handler: any HTTPHandler) -> any HTTPHandler {
        guard let service = self else { return handler }
        return RequestTracing(
            service.tracer, beginsTrace: { TraceService.beginsTrace($0) }, before: handler)
    }

    /// The observers of the gateway's tasks.
    var observers: [any TaskObserver] { map { [TaskSpans($0.tracer)] } ?? [] }
}
