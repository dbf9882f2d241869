import FoundationEssentials
import JSONText
import Logging

/// Writes log lines to standard error: text on a terminal, JSON lines otherwise.
///
/// Bounds the length of a line and removes control characters.
struct LineLog: LogHandler {
    /// Longer messages are truncated.
    private static let scalarsMax = 2000

    /// RFC 3339, UTC.
    private static let stamp = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    let label: String
    let isJSON: Bool
    var metadata: Logger.Metadata = [:]
    private let level: LogLevel
    /// The level of one logger alone.
    private var ownLevel: Logger.Level?

    init(label: String, isJSON: Bool, level: LogLevel) {
        self.label = label
        self.isJSON = isJSON
        self.level = level
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? level.current }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = metadata.merging(event.metadata ?? [:]) { $1 }
        StandardStream.error.line(
            line(event.message.description, event.level, details, at: Date.now.formatted(Self.stamp)))
    }

    /// Returns the line of an event.
    func line(
        _ message: String, _ level: Logger.Level, _ metadata: Logger.Metadata, at time: String
    ) -> String {
        let message = Self.clean(message)
        let details = metadata.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: Self.clean($0.value.description)) }
        return isJSON
            ? jsonLine(time, level, message, details)
            : "\(time) \(level) \(label): \(message)\(Self.text(details))"
    }

    /// Returns metadata as `name=value`, quoted if a value contains spaces.
    private static func text(_ details: [(name: String, value: String)]) -> String {
        details.map { name, value in
            let isWord = !value.isEmpty && value.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "=" }
            let quoted = JSONValue.string(value).serialized()
            return " \(name)=\(isWord ? value : String(decoding: quoted, as: UTF8.self))"
        }.joined()
    }

    /// Returns a JSON line with metadata as members beside the message.
    private func jsonLine(
        _ time: String, _ level: Logger.Level, _ message: String, _ details: [(name: String, value: String)]
    ) -> String {
        var line: JSONObject = [
            "time": .string(time), "level": .string("\(level)"), "from": .string(label),
            "message": .string(message),
        ]
        for detail in details where line[detail.name] == nil { line[detail.name] = .string(detail.value) }
        return String(decoding: JSONValue.object(line).serialized(), as: UTF8.self)
    }

    private static func clean(_ text: String) -> String {
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(scalarsMax) {
            cleaned.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return String(cleaned)
    }
}
