import Gateway
package import Logging
import Synchronization

/// Records log lines.
package final class RecordingLog: LogHandler {
    private let kept = Mutex<[String]>([])

    package init() {}

    /// `level: message`, and details but for the event as `name=value`, in order.
    package var lines: [String] { kept.withLock { $0 } }

    package func log(event: LogEvent) {
        let details = (event.metadata ?? [:]).filter { $0.key != StructuredLog.eventField }
            .sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        kept.withLock { $0.append("\(event.level): \(event.message)\(details.joined())") }
    }

    // Unused: every line is recorded as it is.
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
