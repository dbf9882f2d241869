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
        var line = JSONWriter(reserving: 512)
        let empty = line.mark
        var (start, time) = (empty, Int64.min)
        // Of most lines in a row the client is the same.
        var (principal, label) = (Principal.anonymous, Principal.anonymous.label)
        var batch: [UInt8] = []
        batch.reserveCapacity(batchMax)
        var count = 0
        for record in records {
            // Lines of the same millisecond begin alike.
            if now.wall(of: record) != time {
                time = now.wall(of: record)
                line.rewind(to: empty)
                line.begin(at: SystemTime.timestamp(time))
                start = line.mark
            }
            if record.principal != principal {
                principal = record.principal
                label = LineLog.clean(principal.label)
            }
            line.rewind(to: start)
            line.write(record, principal: label)
            if count > 0, batch.count + line.bytes.count >= batchMax { break }
            batch.append(contentsOf: line.bytes)
            batch.append(UInt8(ascii: "\n"))
            count += 1
        }
        write(batch, count)
        return count
    }
}

extension JSONWriter {
    fileprivate mutating func begin(at time: String) {
        beginObject()
        member("time", time)
        member("level", "info")
        member(StructuredLog.eventField, LogEventName.httpRequest.rawValue)
    }

    /// Writes the members of a record, and the end of its line. Logs.md describes them.
    fileprivate mutating func write(_ record: RequestRecord, principal: String) {
        member("message", record.outcome.completion.message)
        name(plain: "bytes")
        integer(Int(record.outcome.bytes))
        name(plain: "duration_ms")
        thousandths(record.duration.microseconds)
        if let method = record.method { member("method", LineLog.clean(method)) }
        member("principal", principal)
        member("request_id", record.requestID)
        if let route = record.route { member("route", route) }
        if let trace = record.trace { member("span_id", "\(trace.spanID)") }
        if let status = record.outcome.status {
            name(plain: "status")
            integer(status)
        }
        if let trace = record.trace { member("trace_id", "\(trace.traceID)") }
        endObject()
    }

    fileprivate mutating func member(_ name: String, _ value: String) {
        self.name(plain: name)
        string(value)
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
