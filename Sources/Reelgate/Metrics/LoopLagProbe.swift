import Metrics
import Transport

/// Measures once a second how late a timer of each event loop fires.
struct LoopLagProbe: Sendable {
    private static let interval: Duration = .seconds(1)
    private static let nanoseconds: UInt64 = 1_000_000_000

    let histogram: MetricHistogram

    /// Begins to measure a loop, for as long as the process runs.
    func start(on loop: EventLoop) {
        loop.post { schedule(on: $0) }
    }

    private func schedule(on reactor: Reactor) {
        let due = reactor.now + Self.nanoseconds
        _ = reactor.schedule(after: Self.interval) { [unowned reactor] in
            let now = SystemTime.monotonicNanoseconds
            histogram.observe(now > due ? now - due : 0)
            schedule(on: reactor)
        }
    }
}
