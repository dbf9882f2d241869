package import Gateway
package import Metrics

/// All that is counted of a gateway's work, and its figures as metrics.
///
/// The gateway itself counts nothing: its changes are observed, and its ports are wrapped.
package final class GatewayMeters: Sendable {
    package let calls: ProviderCallMetrics
    private let tasks: TaskMetrics
    private let pollLag = MetricHistogram(
        .seconds([0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 16, 30, 60, 300]))
    private let archiveFailures = CounterFamily(
        "reelgate_archive_failures_total", "Copies of results that failed, by reason", labels: ["reason"])
    private let webhookAttempts = CounterFamily(
        "reelgate_webhook_attempts_total", "Attempts to deliver a webhook, by result", labels: ["result"])
    private let models = LabelLimit(100)
    private let figures: FigureMetrics

    /// - Parameter now: A monotonic clock, in nanoseconds.
    package init(now: @escaping @Sendable () -> UInt64) {
        calls = ProviderCallMetrics(now: now)
        tasks = TaskMetrics(models: models)
        figures = FigureMetrics(models: models)
        let reasons = ["gone", "transfer", "interrupted", "not_video", "disk", "too_large", "unavailable"]
        archiveFailures.begin(reasons.map { [$0] })
        webhookAttempts.begin([["delivered"], ["failed"], ["stopped"]])
    }

    /// Observes the changes of a gateway's tasks.
    package var observer: any TaskObserver { tasks }

    /// Wraps the ports of a gateway, so that their calls are counted.
    package func measure(_ ports: inout GatewayPorts) {
        ports.provider = MeasuredProvider(provider: ports.provider, calls: calls)
        ports.archive = MeasuredArchive(archive: ports.archive, failures: archiveFailures)
        ports.webhooks = MeasuredWebhooks(sender: ports.webhooks, attempts: webhookAttempts)
        ports.observePollLag = { [pollLag] in pollLag.observe($0) }
    }

    /// The metrics of what was counted.
    package var families: [MetricFamily] {
        tasks.families + calls.families + [
            MetricFamily(
                .histogram, "reelgate_provider_poll_lag_seconds", "How late polls of the provider begin",
                .histogram(pollLag.snapshot)),
            archiveFailures.family, webhookAttempts.family,
        ]
    }

    /// The metrics of a gateway's figures.
    package func families(of figures: GatewayFigures) -> [MetricFamily] { self.figures.families(of: figures) }
}
