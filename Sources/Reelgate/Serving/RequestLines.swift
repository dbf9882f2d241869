import Gateway
import GatewayProtocol
import HTTPServing
import JSONText
import Tracing

/// Writes records of requests as the JSON lines that `LineLog` would write, but several with one call and
/// without its dictionaries: a busy gateway writes 100,000 of them in a second.
struct RequestLines: Sendable {
    /// Bytes that are written with one call at most, unless one line is longer.
    let batchMax: Int
    /// The current time as lines show it.
    let time: @Sendable () -> String
    /// Writes whole lines.
    let write: @Sendable ([UInt8]) -> Void

    init(
        batchMax: Int, time: @escaping @Sendable () -> String, write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.batchMax = batchMax
        self.time = time
        self.write = write
    }

    /// Writes the first records: as many as fit into one call, at least one. Returns their number.
    func writeFirst(of records: ArraySlice<RequestRecord>) -> Int {
        var line = JSONWriter(reserving: 512)
        line.beginObject()
        line.member("time", time())
        line.member("level", "info")
        line.member(StructuredLog.eventField, LogEventName.httpRequest.rawValue)
        let start = line.mark
        var batch: [UInt8] = []
        batch.reserveCapacity(batchMax)
        var count = 0
        for record in records {
            line.rewind(to: start)
            line.write(record)
            if count > 0, batch.count + line.bytes.count >= batchMax { break }
            batch.append(contentsOf: line.bytes)
            batch.append(UInt8(ascii: "\n"))
            count += 1
        }
        write(batch)
        return count
    }
}

extension JSONWriter {
    /// Writes the members of a record, and the end of its line. Logs.md describes them.
    fileprivate mutating func write(_ record: RequestRecord) {
        member("message", record.outcome.completion.message)
        name(plain: "bytes")
        integer(Int(record.outcome.bytes))
        name(plain: "duration_ms")
        thousandths(record.duration.microseconds)
        if let method = record.method { member("method", LineLog.clean(method)) }
        member("principal", LineLog.clean(record.principal.label))
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
