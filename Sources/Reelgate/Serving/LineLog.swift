import FoundationEssentials
import JSONText
import Logging

/// Writes log lines to standard error: text for a person, JSON lines otherwise.
///
/// A line is bounded, and control characters do not reach the terminal.
struct LineLog: LogHandler {
    /// Longer messages are cut.
    private static let scalarsMax = 2000

    /// RFC 3339, UTC.
    private static let stamp = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    let label: String
    let isJSON: Bool
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, isJSON: Bool, level: Logger.Level) {
        self.label = label
        self.isJSON = isJSON
        self.logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Date.now.formatted(Self.stamp)
        let message = Self.clean(event.message.description)
        let line =
            isJSON ? jsonLine(time, event.level, message) : "\(time) \(event.level) \(label): \(message)"
        StandardStream.error.line(line)
    }

    private func jsonLine(_ time: String, _ level: Logger.Level, _ message: String) -> String {
        let value: JSONValue = [
            "time": .string(time), "level": .string("\(level)"), "from": .string(label),
            "message": .string(message),
        ]
        return String(decoding: value.serialized(), as: UTF8.self)
    }

    private static func clean(_ text: String) -> String {
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(scalarsMax) {
            cleaned.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return String(cleaned)
    }
}
