import HTTPFetching
import Synchronization
import TestSupport
import Tracing
import Transport

@testable import TraceExport

/// One loop for all tests: a loop lives as long as the process.
private let testLoop: EventLoop = {
    do throws(SystemError) { return try EventLoop(label: "test") } catch { fatalError("\(error)") }
}()

/// An exporter on a clock that passes by itself, except while nothing is to be sent.
final class ExporterHarness: Sendable {
    /// A bound of `stop` that does not pass.
    static let unbounded: Duration = .seconds(5000)

    let tracer = Tracer(now: { 1_000 }, random: { UInt64.random(in: 1 ... .max) })
    let exporter: TraceExporter
    /// Each event as it is reported.
    let events: AsyncStream<TraceExporter.Event>
    private let list: EventList

    /// All events until now.
    var reported: [TraceExporter.Event] { list.all }

    init(_ endpoint: String) {
        let (events, continuation) = AsyncStream.makeStream(of: TraceExporter.Event.self)
        self.events = events
        let list = EventList()
        self.list = list
        let time = PassingTime()
        exporter = TraceExporter(
            endpoint: endpoint, tracer: tracer, encoding: OTLPEncoding(resource: [], version: "0"),
            fetcher: HTTPFetcher(loop: testLoop, userAgent: "reelgate/test"),
            environment: TraceExporter.Environment(
                now: { time.now }, sleep: { await time.sleep($0) }, wallSeconds: { 1_796_024_550 }),
            report: {
                list.append($0)
                continuation.yield($0)
            })
        exporter.start()
    }
}

extension ExporterHarness {
    /// Records spans of one trace.
    func record(_ count: Int = 1) {
        let context = TraceContext(traceID: TraceID { 7 }, spanID: SpanID { 7 })
        for number in 0..<count {
            tracer.record(
                Span("span \(number)", .internal, context: context, parent: nil, start: 1, end: 2))
        }
    }
}

/// Events in their order.
private final class EventList: Sendable {
    private let events = Mutex<[TraceExporter.Event]>([])

    var all: [TraceExporter.Event] { events.withLock { $0 } }
    func append(_ event: TraceExporter.Event) { events.withLock { $0.append(event) } }
}
