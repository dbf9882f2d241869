import Gateway
import JSONText
import Logging
import Transport

/// Writes log lines to standard error: text on a terminal, JSON lines otherwise. Logs.md describes the shape.
///
/// Bounds the length of a line and removes control characters.
struct LineLog: LogHandler {
    /// Longer messages are truncated.
    private static let scalarsMax = 2000

    /// The current time as lines show it: RFC 3339, UTC.
    static var stamp: String { SystemTime.timestamp(SystemTime.wallMilliseconds) }

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
        let (output, time) = (LogOutput.standardError, Self.stamp)
        let dropped = output.takeDropped()
        if dropped > 0 { output.append(line(.linesDropped, "log lines dropped", dropped, at: time)) }
        output.append(line(event.message.description, event.level, details, at: time))
    }

    /// Returns the line of an event.
    func line(
        _ message: String, _ level: Logger.Level, _ metadata: Logger.Metadata, at time: String
    ) -> String {
        let message = Self.clean(message)
        let details = metadata.filter { $0.key != StructuredLog.eventField }.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: Self.value(of: $0.value)) }
        guard isJSON else { return "\(time) \(level) \(label): \(message)\(Self.text(details))" }
        let event = metadata[StructuredLog.eventField].map { Self.clean($0.description) } ?? "other"
        var line: JSONObject = [
            "time": .string(time), "level": .string("\(level)"), "event": .string(event),
            "message": .string(message),
        ]
        for detail in details where line[detail.name] == nil { line[detail.name] = detail.value.json }
        return String(decoding: JSONValue.object(line).serialized(), as: UTF8.self)
    }

    /// Returns the warning that counts something.
    private func line(_ event: LogEventName, _ message: String, _ count: Int, at time: String) -> String {
        let details: Logger.Metadata = [
            StructuredLog.eventField: .string(event.rawValue),
            "count": .stringConvertible(LogValue.number(count)),
        ]
        return line(message, .warning, details, at: time)
    }

    private static func value(of value: Logger.MetadataValue) -> LogValue {
        if case .stringConvertible(let value as LogValue) = value {
            value
        } else {
            .text(clean(value.description))
        }
    }

    /// Returns metadata as `name=value`, quoted if a value contains spaces.
    private static func text(_ details: [(name: String, value: LogValue)]) -> String {
        details.map { name, value in
            let value = value.description
            let isWord = !value.isEmpty && value.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "=" }
            let quoted = JSONValue.string(value).serialized()
            return " \(name)=\(isWord ? value : String(decoding: quoted, as: UTF8.self))"
        }.joined()
    }

    /// Returns a text as part of a line: within the limit, and without control characters.
    static func clean(_ text: String) -> String {
        // Nearly every text is clean.
        if text.utf8.count <= scalarsMax, isClean(text.utf8.span) { return text }
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(scalarsMax) {
            cleaned.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return String(cleaned)
    }

    private static func isClean(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] < 0x20 || text[index] == 0x7F { return false }
        return true
    }
}

extension LogValue {
    /// The value as a member of a JSON line.
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let number): .integer(number)
        case .decimal(let number): .real(number)
        case .truth(let truth): .bool(truth)
        }
    }
}
