import Gateway
import GatewayAPI
import HTTPServing
import Metrics

/// The text of `/metrics`. An actor of the shared pool, so that it is made outside the event loops, and by
/// one thread at a time.
actor MetricsPage {
    private let meters: ServiceMeters
    private let gateway: VideoGateway
    private let server: HTTPServer
    private let observers: APIObservers
    private let pollInterval: Duration

    init(
        _ meters: ServiceMeters, _ gateway: VideoGateway, _ server: HTTPServer, _ observers: APIObservers,
        pollInterval: Duration
    ) {
        self.meters = meters
        self.gateway = gateway
        self.server = server
        self.observers = observers
        self.pollInterval = pollInterval
    }

    /// Returns all metrics as they are now.
    func text(in format: MetricsFormat) async -> [UInt8] {
        let figures = await gateway.figures()
        let families =
            meters.families(with: figures) + connections + [interval, Self.build] + ProcessMetrics.families
        return MetricsText.text(of: families, in: format)
    }

    private var connections: [MetricFamily] {
        [
            MetricFamily(
                .gauge, "reelgate_connections", "Connections of clients that are open",
                .integer(Int64(server.connectionCount))),
            MetricFamily(
                .gauge, "reelgate_event_streams", "Event streams that are open",
                .integer(Int64(observers.streamCount))),
        ]
    }

    private var interval: MetricFamily {
        MetricFamily(
            .gauge, "reelgate_provider_poll_interval_seconds",
            "Time between polls of one task by the configuration, with which the poll lag is compared",
            .number(pollInterval / .seconds(1)))
    }

    private static let build = MetricFamily(
        .info, "reelgate_build_info", "The program",
        [
            MetricSample(
                .integer(1),
                [
                    MetricLabel("version", Reelgate.version), MetricLabel("revision", Reelgate.revision),
                ])
        ])
}
