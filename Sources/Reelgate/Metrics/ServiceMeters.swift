import Gateway
import GatewayAPI
import GatewayMetrics
import HTTPFetching
import HTTPServing
import Metrics
import ProviderClient
import Transport

/// All that a running gateway counts, and the parts that it is counted in.
struct ServiceMeters: Sendable {
    private let requests = RequestCounters()
    private let gateway = GatewayMeters(now: { SystemTime.monotonicNanoseconds })
    private let commits = MetricHistogram(
        .seconds([0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5]))
    private let batchSizes = MetricHistogram(.counts([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]))
    private let loopLag = MetricHistogram(
        .seconds([0.000_1, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5]))

    /// Begins to measure the event loops.
    init(_ loops: [EventLoop]) {
        let probe = LoopLagProbe(histogram: loopLag)
        for loop in loops { probe.start(on: loop) }
    }

    /// Returns the handler with all its requests counted.
    func counting(_ handler: any HTTPHandler) -> any HTTPHandler {
        RequestMetrics(requests, now: { SystemTime.monotonicNanoseconds }, before: handler)
    }

    /// Counts one commit of the store.
    func recordCommit(_ duration: Duration, mutations: Int) {
        commits.observe(duration)
        batchSizes.observe(UInt64(mutations))
    }

    /// Wraps the ports of a gateway, so that their calls are counted.
    func measure(_ ports: inout GatewayPorts) { gateway.measure(&ports) }

    /// Observes the changes of the gateway's tasks.
    var observer: any TaskObserver { gateway.observer }

    /// The metrics of all that is counted, and of the gateway's figures.
    func families(with figures: GatewayFigures) -> [MetricFamily] {
        requests.families + gateway.families(of: figures) + gateway.families + own
    }

    private var own: [MetricFamily] {
        [
            MetricFamily(
                .histogram, "reelgate_store_commit_duration_seconds",
                "Time that transactions of the store took until they were durable",
                .histogram(commits.snapshot)),
            MetricFamily(
                .histogram, "reelgate_store_batch_size", "Changes that one transaction of the store had",
                .histogram(batchSizes.snapshot)),
            MetricFamily(
                .histogram, "reelgate_event_loop_lag_seconds",
                "How late a timer of an event loop fires, measured once a second",
                .histogram(loopLag.snapshot)),
        ]
    }
}

// The page of metrics.
extension ServiceMeters {
    /// Names the routes of a handler, so that its requests are counted by route.
    func naming(_ handler: GatewayHandler) -> GatewayHandler {
        requests.name(handler.routePaths)
        return handler
    }

    /// Returns a function that makes the page of a gateway.
    func page(
        of gateway: VideoGateway, _ server: HTTPServer, _ observers: APIObservers, _ settings: Settings
    ) -> @Sendable (MetricsFormat) async -> [UInt8] {
        let page = MetricsPage(
            self, gateway, server, observers, pollInterval: settings.provider.poll.interval)
        return { await page.text(in: $0) }
    }
}

// Calls of the provider that the gateway does not make itself.
extension ServiceMeters {
    /// Downloads a result, and counts it.
    func fetch(
        _ request: FetchRequest, into sink: DownloadSink, from provider: ProviderAccount
    ) async -> FetchOutcome {
        await gateway.calls.measure(.fetch) {
            await provider.download(request, into: sink)
        } outcome: {
            switch $0 {
            case .completed(let response): response.status < 300 ? "ok" : "\(response.status / 100)xx"
            case .failed: "failed"
            }
        }
    }
}
