import HTTPServing
import Synchronization
import Transport

/// Keeps the records of a log.
final class RecordedRequests: Sendable {
    private let isEnabled = Mutex(true)
    private let clock = Mutex<UInt64>(0)
    private let stream: AsyncStream<RequestRecord>
    private let sink: AsyncStream<RequestRecord>.Continuation

    init() { (stream, sink) = AsyncStream.makeStream() }

    var settings: RequestLog.Settings {
        RequestLog.Settings(
            isEnabled: { self.isEnabled.withLock { $0 } },
            // Each reading is later than the one before.
            now: {
                self.clock.withLock { now in
                    now += 1000
                    return now
                }
            },
            write: { self.sink.yield($0) })
    }

    /// Advances the clock.
    func advance(by interval: Duration) {
        clock.withLock { $0 += UInt64(interval.wholeNanoseconds) }
    }

    func enable(_ isEnabled: Bool) { self.isEnabled.withLock { $0 = isEnabled } }

    /// Waits for so many records.
    func first(_ count: Int) async -> [RequestRecord] {
        var records: [RequestRecord] = []
        for await record in stream {
            records.append(record)
            if records.count == count { break }
        }
        return records
    }
}

extension RequestRecord {
    /// Method, route, status and bytes.
    var summary: String {
        "\(method ?? "-") \(route ?? "-") \(outcome.status.map { "\($0)" } ?? "-") \(outcome.bytes)"
    }
}
