package import Metrics
internal import Synchronization

/// The counts of requests of a server, by route, method and status.
///
/// Routes are numbered from 1 by the handler that has them (`Disposition.routeNumber`), so that counting
/// needs no look-up. Number 0 is for requests without a route.
package final class RequestCounters: Sendable {
    /// The value of labels for what a request does not have.
    static let none = "none"
    /// Paths of routes at most.
    package static let routesMax = 63

    private let routes = (0...RequestCounters.routesMax).map { _ in RouteCounters() }
    private let paths = Mutex<[String]>([])
    private let inFlight = Atomic(0)

    package init() {}

    /// Names the routes, in the order of their numbers from 1.
    package func name(_ paths: [String]) {
        precondition(paths.count <= Self.routesMax, "more routes than metrics have counters for")
        self.paths.withLock { $0 = paths }
    }

    /// Counts a request that has ended.
    func count(route: Int, _ method: RequestMethod, status: Int?, nanoseconds: UInt64) {
        let index = routes.indices.contains(route) ? route : 0
        routes[index].count(method, status: status ?? 0, nanoseconds: nanoseconds)
    }

    /// Counts a request whose response is not ready yet.
    func begin() { inFlight.wrappingAdd(1, ordering: .relaxed) }

    func end() { inFlight.wrappingSubtract(1, ordering: .relaxed) }

    /// The metrics of the requests.
    package var families: [MetricFamily] {
        let names = [Self.none] + paths.withLock(\.self)
        let used = zip(names, routes).map { (label: MetricLabel("route", $0), counters: $1) }
        return [
            MetricFamily(
                .counter, "reelgate_http_requests_total", "Requests that have ended",
                used.flatMap { route in
                    route.counters.combinations.map { MetricSample($0.count, [route.label] + $0.labels) }
                }),
            MetricFamily(
                .histogram, "reelgate_http_request_duration_seconds",
                "Time from the head of a request to the end of its response",
                used.map { (label: $0.label, durations: $0.counters.durations.snapshot) }
                    .filter { $0.durations.count > 0 }
                    .map { MetricSample(.histogram($0.durations), [$0.label]) }),
            MetricFamily(
                .gauge, "reelgate_http_requests_in_flight", "Requests whose response has not ended",
                .integer(Int64(inFlight.load(ordering: .relaxed)))),
        ]
    }
}
