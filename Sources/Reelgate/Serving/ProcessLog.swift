import Gateway
import Logging

/// The log of the process: its lines on standard error, and their level.
struct ProcessLog: Sendable {
    let log: StructuredLog
    let level: LogLevel
    /// Whether lines are JSON.
    private let isJSON: Bool

    /// Starts the log of all loggers. Called once.
    static func start(_ settings: Settings.Log) -> ProcessLog {
        let isJSON =
            switch settings.format {
            case .auto: !StandardStream.error.isTerminal
            case .text: false
            case .json: true
            }
        let level = LogLevel(Logger.Level(settings.level))
        LoggingSystem.bootstrap { LineLog(label: $0, isJSON: isJSON, level: level) }
        return ProcessLog(log: StructuredLog(Logger(label: "reelgate")), level: level, isJSON: isJSON)
    }

    /// The writer of requests' lines; `nil` if the log itself writes them.
    var requestLines: RequestLines? {
        guard isJSON else { return nil }
        return RequestLines(batchMax: StandardStream.error.wholeWriteMax) {
            LogOutput.standardError.append($0, count: $1)
        }
    }
}
