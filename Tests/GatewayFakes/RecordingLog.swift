package import Logging
import Synchronization

/// Keeps what the gateway says.
package final class RecordingLog: LogHandler {
    private let kept = Mutex<[String]>([])

    package init() {}

    /// `level: message`, in order.
    package var lines: [String] { kept.withLock { $0 } }

    package func log(event: LogEvent) {
        kept.withLock { $0.append("\(event.level): \(event.message)") }
    }

    // What is kept needs neither.
    package var logLevel: Logger.Level {
        get { .info }
        set {}
    }
    package var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
