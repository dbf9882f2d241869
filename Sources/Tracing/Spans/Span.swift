/// A finished span: one piece of work of a trace.
package struct Span: Equatable, Sendable {
    /// The role of the work, numbered as in OTLP.
    package enum Kind: Int, Sendable {
        case `internal` = 1
        case server, client
    }

    /// Links of one span at most.
    package static let linksMax = 16

    package var context: TraceContext
    /// `nil` for a root span.
    package var parent: SpanID?
    package var name: String
    package var kind: Kind
    /// Nanoseconds since 1970.
    package var start: UInt64
    package var end: UInt64
    package var attributes: [SpanAttribute]
    /// Spans of other work that belongs to this.
    package var links: [TraceContext] = []
    /// Why the work failed (`error.type`): a status or a stable word, no text of another program.
    package var errorType: String?

    package init(
        _ name: String, _ kind: Kind, context: TraceContext, parent: SpanID?, start: UInt64, end: UInt64,
        attributes: [SpanAttribute] = []
    ) {
        self.context = context
        self.parent = parent
        self.name = name
        self.kind = kind
        self.start = start
        // A clock may be set back.
        self.end = max(start, end)
        self.attributes = attributes
    }
}
