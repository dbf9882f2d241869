import Gateway
import GatewayProtocol
import HTTPServing
import JSONText
import Tracing
import Transport

/// Writes records of requests as the JSON lines that `LineLog` would write, but several with one call and
/// without its dictionaries: a busy gateway writes 100,000 of them in a second.
struct RequestLines: Sendable {
    /// Bytes of one batch at most, unless one line is longer.
    private let batchMax: Int
    private let now: @Sendable () -> Moment
    /// Writes whole lines, of which there are `count`.
    private let write: @Sendable (_ lines: [UInt8], _ count: Int) -> Void

    /// The same moment on both clocks.
    struct Moment: Sendable {
        /// Milliseconds since 1970.
        var wall: Int64
        /// The clock of `RequestRecord.ended`, in nanoseconds.
        var monotonic: UInt64

        static var current: Moment {
            Moment(wall: SystemTime.wallMilliseconds, monotonic: SystemTime.monotonicNanoseconds)
        }

        /// Returns the time of a record's end, in milliseconds since 1970.
        fileprivate func wall(of record: RequestRecord) -> Int64 {
            record.ended == 0 || record.ended > monotonic
                ? wall : wall - Int64((monotonic - record.ended) / 1_000_000)
        }
    }

    init(
        batchMax: Int, now: @escaping @Sendable () -> Moment = { .current },
        write: @escaping @Sendable (_ lines: [UInt8], _ count: Int) -> Void
    ) {
        self.batchMax = batchMax
        self.now = now
        self.write = write
    }

    /// Writes the first records: as many as fit into one batch, at least one. Returns their number.
    func writeFirst(of records: ArraySlice<RequestRecord>) -> Int {
        let now = now()
        var line = RequestLine()
        var batch: [UInt8] = []
        batch.reserveCapacity(batchMax)
        var count = 0
        // By index: a record that is copied out of them would retain all its parts.
        for index in records.indices {
            line.render(records[index], at: now.wall(of: records[index]))
            if count > 0, batch.count + line.bytes.count >= batchMax { break }
            batch.append(contentsOf: line.bytes)
            batch.append(UInt8(ascii: "\n"))
            count += 1
        }
        write(batch, count)
        return count
    }
}

/// One line after another. What lines in a row have in common is rendered once.
private struct RequestLine {
    private struct Beginning: Equatable {
        var time: Int64
        var completion: ExchangeOutcome.Completion
    }

    private struct Sender: Equatable {
        var method: String?
        var principal: Principal
    }

    private struct Ending: Equatable {
        var route: String?
        var status: Int?
    }

    private var json = JSONWriter(reserving: 512)
    private let empty: JSONWriter.Mark
    private var start: JSONWriter.Mark
    private var beginning: Beginning?
    private var sender = RenderedMembers<Sender>()
    private var ending = RenderedMembers<Ending>()

    init() {
        empty = json.mark
        start = json.mark
    }

    /// The text of the record that was rendered last.
    var bytes: [UInt8] { json.bytes }

    /// Renders a record that ended at a time, in milliseconds since 1970. Logs.md describes the members.
    mutating func render(_ record: RequestRecord, at time: Int64) {
        begin(Beginning(time: time, completion: record.outcome.completion))
        json.name(plain: "bytes")
        json.integer(Int(record.outcome.bytes))
        json.name(plain: "duration_ms")
        json.thousandths(record.duration.microseconds)
        let sender = Sender(method: record.method, principal: record.principal)
        json.raw(
            self.sender.members(of: sender) { json, sender in
                if let method = sender.method { json.member("method", LineLog.clean(method)) }
                json.member("principal", LineLog.clean(sender.principal.label))
            })
        json.member("request_id", record.requestID)
        if let trace = record.trace {
            end(record, trace)
        } else if record.route != nil || record.outcome.status != nil {
            let ending = Ending(route: record.route, status: record.outcome.status)
            json.raw(
                self.ending.members(of: ending) { json, ending in
                    if let route = ending.route { json.member("route", route) }
                    if let status = ending.status { json.member("status", status) }
                })
        }
        json.endObject()
    }

    private mutating func begin(_ beginning: Beginning) {
        if beginning == self.beginning { return json.rewind(to: start) }
        self.beginning = beginning
        json.rewind(to: empty)
        json.beginObject()
        json.member("time", SystemTime.timestamp(beginning.time))
        json.member("level", "info")
        json.member(StructuredLog.eventField, LogEventName.httpRequest.rawValue)
        json.member("message", beginning.completion.message)
        start = json.mark
    }

    /// The end of a line that belongs to a trace.
    private mutating func end(_ record: RequestRecord, _ trace: TraceContext) {
        if let route = record.route { json.member("route", route) }
        json.member("span_id", "\(trace.spanID)")
        if let status = record.outcome.status { json.member("status", status) }
        json.member("trace_id", "\(trace.traceID)")
    }
}

/// Members of an object that one value decides, rendered again when it changes.
private struct RenderedMembers<Value: Equatable> {
    private var value: Value?
    private var text: [UInt8] = []

    mutating func members(of value: Value, render: (inout JSONWriter, Value) -> Void) -> [UInt8] {
        if value == self.value { return text }
        var json = JSONWriter()
        render(&json, value)
        self.value = value
        text = json.bytes
        return text
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String) {
        self.name(plain: name)
        string(value)
    }

    fileprivate mutating func member(_ name: String, _ value: Int) {
        self.name(plain: name)
        integer(value)
    }
}

extension RequestRecord {
    /// Whether it is of a route that is logged at level debug and below only.
    var isOfHealthCheck: Bool { route == GatewayPath.health || route == GatewayPath.readiness }

    /// The record as metadata of a log line. Holds no query and no content.
    var metadata: StructuredLog.Fields {
        var metadata: StructuredLog.Fields = [
            "request_id": "\(requestID)", "principal": "\(principal.label)", "bytes": .number(outcome.bytes),
            "duration_ms": .decimal(Double(duration.microseconds) / 1000),
        ]
        metadata.add(trace)
        metadata["method"] = method.map { "\($0)" }
        metadata["route"] = route.map { "\($0)" }
        metadata["status"] = outcome.status.map { .number($0) }
        return metadata
    }
}

extension Duration {
    fileprivate var microseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }
}

extension ExchangeOutcome.Completion {
    /// The message of a log line.
    var message: String {
        switch self {
        case .complete: "request completed"
        case .cancelled: "request cancelled"
        case .aborted: "request aborted"
        }
    }
}
