import Metrics

/// Counts the calls of the provider by their outcome, and how long they took.
package final class ProviderCallMetrics: Sendable {
    /// A call of the provider.
    package enum Call: String, Sendable {
        case create, poll
        /// The download of a result, from the provider or the host that it names.
        case fetch
        case models
    }

    private let requests = CounterFamily(
        "reelgate_provider_requests_total", "Calls of the provider that have ended, by outcome",
        labels: ["call", "class"])
    private let durations = HistogramFamily(
        "reelgate_provider_request_duration_seconds", "Time that calls of the provider took",
        labels: ["call"],
        .seconds([0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]))

    /// A monotonic clock, in nanoseconds.
    private let now: @Sendable () -> UInt64

    private static let usual: [[String]] = [
        ["create", "ok"], ["create", "refused"], ["create", "not_sent"], ["create", "not_accepted"],
        ["create", "unknown"], ["poll", "ok"], ["poll", "unavailable"], ["poll", "not_known"],
        ["poll", "rejected"], ["fetch", "ok"], ["fetch", "4xx"], ["fetch", "5xx"], ["fetch", "failed"],
    ]

    init(now: @escaping @Sendable () -> UInt64) {
        self.now = now
        requests.begin(Self.usual)
    }

    /// Performs a call, and counts it.
    ///
    /// - Parameter outcome: Returns the value of the label `class`, one of few.
    package func measure<Outcome: Sendable>(
        _ call: Call, _ perform: () async -> Outcome, outcome: (Outcome) -> String
    ) async -> Outcome {
        let start = now()
        let result = await perform()
        durations.histogram(call.rawValue).observe(now() &- start)
        requests.counter(call.rawValue, outcome(result)).add()
        return result
    }

    var families: [MetricFamily] { [requests.family, durations.family] }
}
