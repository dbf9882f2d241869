package import Logging
package import Tracing

/// The log of the gateway: each line has the name of its event, a message, and named values.
///
/// The only way to the logger, so that no line lacks an event. A line that is written while a trace context
/// is current has its ids.
package struct StructuredLog: Sendable {
    package typealias Fields = [String: LogValue]

    /// The name of the member that holds the event.
    package static let eventField = "event"

    private let logger: Logger
    /// Whether lines may have the beginnings of prompts.
    let hasPrompts: Bool

    package init(_ logger: Logger, hasPrompts: Bool = false) {
        self.logger = logger
        self.hasPrompts = hasPrompts
    }

    /// The level from which on lines are written.
    package var level: Logger.Level { logger.logLevel }

    package func debug(
        _ event: LogEventName, _ message: @autoclosure () -> String, metadata: @autoclosure () -> Fields = [:]
    ) {
        log(level: .debug, event, message(), metadata: metadata())
    }

    package func info(
        _ event: LogEventName, _ message: @autoclosure () -> String, metadata: @autoclosure () -> Fields = [:]
    ) {
        log(level: .info, event, message(), metadata: metadata())
    }

    package func notice(_ event: LogEventName, _ message: String, metadata: Fields = [:]) {
        log(level: .notice, event, message, metadata: metadata)
    }

    package func warning(_ event: LogEventName, _ message: String, metadata: Fields = [:]) {
        log(level: .warning, event, message, metadata: metadata)
    }

    package func error(_ event: LogEventName, _ message: String, metadata: Fields = [:]) {
        log(level: .error, event, message, metadata: metadata)
    }

    /// Writes a line at a level.
    package func log(
        level: Logger.Level, _ event: LogEventName, _ message: @autoclosure () -> String,
        metadata: @autoclosure () -> Fields = [:]
    ) {
        guard level >= logger.logLevel else { return }
        var fields = TraceContext.current.map { Fields(of: $0) } ?? [:]
        fields.merge(metadata()) { $1 }
        var all = Self.logged(fields)
        all[Self.eventField] = .stringConvertible(event.rawValue)
        logger.log(level: level, "\(message())", metadata: all)
    }

    private static func logged(_ fields: Fields) -> Logger.Metadata {
        fields.mapValues { value in
            if case .text(let text) = value { .string(text) } else { .stringConvertible(value) }
        }
    }
}

extension StructuredLog.Fields {
    /// The ids of a trace context.
    package init(of context: TraceContext) {
        self = ["trace_id": "\(context.traceID)", "span_id": "\(context.spanID)"]
    }

    /// Adds the ids of a trace context, if there is one.
    package mutating func add(_ context: TraceContext?) {
        if let context { merge(Self(of: context)) { $1 } }
    }
}
