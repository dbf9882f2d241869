/// The position of some work in a trace (W3C Trace Context, Recommendation): the trace, the span that is the
/// parent of new spans, and the caller's decision whether the trace is recorded.
package struct TraceContext: Equatable, Sendable {
    package static let parentField = "traceparent"
    package static let stateField = "tracestate"

    package var traceID: TraceID
    package var spanID: SpanID
    /// Whether the spans of the trace are recorded.
    package var isSampled: Bool
    /// What other systems know of the trace, as it is passed on.
    package var state: TraceState

    /// The context of the current work. Calls to other services pass it on.
    @TaskLocal package static var current: TraceContext?

    package init(
        traceID: TraceID, spanID: SpanID, isSampled: Bool = true, state: TraceState = TraceState()
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// Parses the values of all fields of a request; `nil` unless exactly one `traceparent` is valid. An
    /// invalid `tracestate` is dropped alone.
    package init?(parents: [String], states: [String] = []) {
        guard parents.count == 1, let parent = TraceContext(traceparent: parents[0]) else { return nil }
        self = parent
        state = TraceState(parsing: states) ?? TraceState()
    }

    /// Parses a `traceparent`. A higher version may be longer; what this version knows of it is used (§4.3).
    package init?(traceparent: String) {
        let bytes = Array(traceparent.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= Self.length, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = Hexadecimal.value(of: bytes[..<2]), version != 0xFF,
            let traceID = TraceID(hexadecimal: bytes[3..<35]),
            let spanID = SpanID(hexadecimal: bytes[36..<52]),
            let flags = Hexadecimal.value(of: bytes[53..<55])
        else { return nil }
        guard bytes.count == Self.length || version > 0 && bytes[Self.length] == dash else { return nil }
        self.init(traceID: traceID, spanID: spanID, isSampled: flags & 1 != 0)
    }

    /// Bytes of version 00.
    private static let length = 55

    /// The value of `traceparent`. Flags that this version does not know are cleared (§3.2.2.5).
    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// Returns the context of a new span of the same trace.
    package func child(random: () -> UInt64) -> TraceContext {
        var child = self
        child.spanID = SpanID(random: random)
        return child
    }
}
