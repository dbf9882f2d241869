import Gateway
import Logging
import Synchronization

/// Keeps log lines as `level: message name=value`.
final class CollectedLines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])
    private let level = Mutex(Logger.Level.info)

    var all: [String] { lines.withLock { $0 } }

    func log(event: LogEvent) {
        let details = (event.metadata ?? [:]).filter { $0.key != StructuredLog.eventField }
            .sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        lines.withLock { $0.append("\(event.level): \(event.message)\(details.joined())") }
    }

    var logLevel: Logger.Level {
        get { level.withLock { $0 } }
        set { level.withLock { $0 = newValue } }
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
