import Dispatch
import Gateway
import Glibc
import HTTPServing
import Logging
import Synchronization
import Transport

/// The writer of the request log: takes records from the event loops and logs them on a queue of its own.
///
/// Never blocks a loop. Where nobody reads standard error, records wait in memory up to a limit, and are then
/// dropped and counted; so that a full pipe does not stop the gateway.
final class RequestLogWriter: Sendable {
    private struct State {
        var records: [RequestRecord] = []
        var dropped = 0
        /// Whether the queue has been asked to write.
        var isWriting = false
    }

    private let log: StructuredLog
    private let level: @Sendable () -> Logger.Level
    private let hasRoom: @Sendable () -> Bool
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "reelgate.request-log")

    /// Records in memory at most.
    static let recordsMax = 8192
    /// The pause before the next attempt while the output has no room.
    private static let retryPause = DispatchTimeInterval.milliseconds(100)
    /// Routes that are logged at level debug and below only.
    private static let healthRoutes: Set<String> = ["/healthz", "/readyz"]

    /// - Parameters:
    ///   - level: The level of `log`. A logger returns it too, but copies its handler for each request.
    ///   - hasRoom: Whether a line can be written without waiting for a reader.
    init(
        _ log: StructuredLog, level: LogLevel? = nil,
        hasRoom: @escaping @Sendable () -> Bool = { StandardStream.error.hasRoom }
    ) {
        self.log = log
        self.level = { level?.current ?? log.level }
        self.hasRoom = hasRoom
    }

    /// Returns the handler with a request log around it; the handler itself if `settings` disable the log.
    func logging(_ handler: any HTTPHandler, _ settings: Settings.Log) -> any HTTPHandler {
        guard settings.access else { return handler }
        let level = level
        var requestLog = RequestLog.Settings(
            isEnabled: { level() <= .info }, now: { SystemTime.monotonicNanoseconds }, write: append)
        // `append` excludes them, as the level may change.
        requestLog.excludedRoutes = []
        return RequestLog(requestLog, before: handler)
    }

    /// Adds a record, to be written soon.
    func append(_ record: RequestRecord) {
        if let route = record.route, Self.healthRoutes.contains(route), level() > .debug { return }
        let mustStart = state.withLock { state in
            guard state.records.count < Self.recordsMax else {
                state.dropped += 1
                return false
            }
            state.records.append(record)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { queue.async { @Sendable in self.writeRecords() } }
    }

    /// Writes the records that wait, as far as the output has room.
    func flush() async {
        await withCheckedContinuation { continuation in
            queue.async { @Sendable in
                self.writeRecords()
                continuation.resume()
            }
        }
    }

    private func writeRecords() {
        while true {
            let records = state.withLock { state in
                defer { state.records = [] }
                return state.records
            }
            for (index, record) in records.enumerated() {
                guard hasRoom() else { return retryLater(records[index...]) }
                log.info(.httpRequest, record.outcome.completion.message, metadata: record.metadata)
            }
            let isDone = state.withLock { state in
                if state.records.isEmpty { state.isWriting = false }
                return state.records.isEmpty
            }
            if isDone { return reportDropped() }
        }
    }

    private func retryLater(_ rest: ArraySlice<RequestRecord>) {
        state.withLock { state in
            state.records.insert(contentsOf: rest, at: 0)
            state.isWriting = true
        }
        queue.asyncAfter(deadline: .now() + Self.retryPause) { @Sendable in self.writeRecords() }
    }

    private func reportDropped() {
        let dropped = state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
        if dropped > 0 {
            log.warning(
                .httpRequestsUnlogged, "request log records dropped", metadata: ["count": .number(dropped)])
        }
    }
}

extension RequestRecord {
    /// The record as metadata of a log line. Holds no query and no content.
    var metadata: StructuredLog.Fields {
        var metadata: StructuredLog.Fields = [
            "request_id": "\(requestID)", "principal": "\(principal.label)", "bytes": .number(outcome.bytes),
            "duration_ms": .decimal(duration.milliseconds),
        ]
        metadata.add(trace)
        metadata["method"] = method.map { "\($0)" }
        metadata["route"] = route.map { "\($0)" }
        metadata["status"] = outcome.status.map { .number($0) }
        return metadata
    }
}

extension Duration {
    /// Milliseconds with three decimals.
    fileprivate var milliseconds: Double {
        let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        return Double(microseconds) / 1000
    }
}

extension ExchangeOutcome.Completion {
    /// The message of a log line.
    fileprivate var message: String {
        switch self {
        case .complete: "request completed"
        case .cancelled: "request cancelled"
        case .aborted: "request aborted"
        }
    }
}
