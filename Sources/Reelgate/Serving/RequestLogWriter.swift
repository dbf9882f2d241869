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
        /// Earlier records, for which the output had no room.
        var unwritten: ArraySlice<RequestRecord> = []
        var dropped = 0
        /// Whether the queue has been asked to write.
        var isWriting = false

        /// Whether no record waits.
        var isEmpty: Bool { records.isEmpty && unwritten.isEmpty }

        mutating func takeUnwritten() -> ArraySlice<RequestRecord> {
            defer { unwritten = [] }
            return unwritten
        }

        mutating func takeRecords() -> ArraySlice<RequestRecord> {
            defer { records = [] }
            return records[...]
        }
    }

    private let log: StructuredLog
    /// Writes the records if lines are JSON; otherwise `log` does.
    private let lines: RequestLines?
    private let level: @Sendable () -> Logger.Level
    private let hasRoom: @Sendable () -> Bool
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "reelgate.request-log")

    /// Records in memory at most.
    static let recordsMax = 8192
    /// How long records are collected, and how often the output is asked for room: one wake-up of the writer
    /// then serves all of a busy moment.
    private static let collectingTime = DispatchTimeInterval.milliseconds(10)

    /// - Parameters:
    ///   - level: The level of `log`. A logger returns it too, but copies its handler for each request.
    ///   - hasRoom: Whether a line can be written without waiting for a reader.
    init(
        _ log: StructuredLog, level: LogLevel? = nil, lines: RequestLines? = nil,
        hasRoom: @escaping @Sendable () -> Bool = { LogOutput.standardError.hasRoom }
    ) {
        self.log = log
        self.lines = lines
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
    func append(_ record: consuming RequestRecord) {
        if record.isOfHealthCheck, level() > .debug { return }
        var waiting = Optional(record)
        let mustStart = state.withLock { state in
            guard state.records.count + state.unwritten.count < Self.recordsMax else {
                state.dropped += 1
                return false
            }
            if let record = waiting.take() { state.records.append(record) }
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { writeLater() }
    }

    /// Writes the records that wait, as far as the output has room. Returns whether none is left.
    @discardableResult
    func flush() async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { @Sendable in
                continuation.resume(returning: self.writeRecords())
            }
        }
    }

    /// Writes the records that wait, within the time: nobody may read them. Counts those that are left.
    func flush(within bound: Duration, _ output: LogOutput = .standardError) async {
        let deadline = ContinuousClock.now + bound
        while await !flush(), ContinuousClock.now < deadline { output.flush(within: .milliseconds(100)) }
        await withCheckedContinuation { continuation in
            queue.async { @Sendable in
                self.state.withLock { state in
                    state.dropped += state.records.count + state.unwritten.count
                    (state.records, state.unwritten) = ([], [])
                }
                self.reportDropped()
                continuation.resume()
            }
        }
    }

    /// Writes the records that wait, as far as the output has room; the others stay where they are counted.
    /// Returns whether none is left.
    private func writeRecords() -> Bool {
        if hasRoom(), write(state.withLock { $0.takeUnwritten() }) {
            _ = write(state.withLock { $0.takeRecords() })
        }
        let isDone = state.withLock { state in
            state.isWriting = !state.isEmpty
            return state.isEmpty
        }
        if isDone { reportDropped() }
        return isDone
    }

    /// Writes the records. Returns whether the output had room for all; the others wait.
    private func write(_ records: ArraySlice<RequestRecord>) -> Bool {
        var rest = records
        while !rest.isEmpty {
            guard hasRoom() else {
                state.withLock { $0.unwritten = rest }
                return false
            }
            rest = rest.dropFirst(writeFirst(of: rest))
        }
        return true
    }

    /// Writes at least the first record. Returns how many it has written.
    private func writeFirst(of records: ArraySlice<RequestRecord>) -> Int {
        if let lines, level() <= .info { return lines.writeFirst(of: records) }
        let record = records[records.startIndex]
        log.info(.httpRequest, record.outcome.completion.message, metadata: record.metadata)
        return 1
    }

    private func writeLater() {
        queue.asyncAfter(deadline: .now() + Self.collectingTime) { @Sendable in
            // What came meanwhile is collected too, so that no small parts are written in turn with a loop.
            if !self.writeRecords() { self.writeLater() }
        }
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
